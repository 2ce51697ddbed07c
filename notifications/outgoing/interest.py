"""Which published events some webhook wants: asked whenever something is told, so that nobody costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from notifications.models import Webhook
from notifications.outgoing.published import published


def wants(patterns: Sequence[str], type: str) -> bool:
    """Whether a subscription to these (`incident.declared`, `page.*`; none is all) is to be told of this type."""
    return not patterns or any(_covers(pattern, type) for pattern in patterns)


def _covers(pattern: str, type: str) -> bool:
    return type == pattern or (pattern.endswith(".*") and type.startswith(pattern[:-1]))


def wanted(types: Collection[str]) -> set[str]:
    """Those of these types that an enabled webhook wants; no query where none of them is published at all."""
    told = published().keys() & set(types)
    if not told:
        return set()
    subscriptions = list(Webhook.objects.filter(disabled_at=None).values_list("events", flat=True))
    return {type for type in told if any(wants(patterns, type) for patterns in subscriptions)}
