"""How somebody is told, in words: `by Slack; by SMS in 5 min unless answered`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from notifications.models import ContactMethod


def words_of_method(method: ContactMethod) -> str:
    """What a log calls a method, without its address: `Slack`, `E-mail`, or what its owner calls it."""
    named = method.kind == ContactMethod.Kind.APPRISE and method.label
    return method.label if named else method.get_kind_display()


def words_of_ways(ways: Iterable[tuple[ContactMethod, timedelta]]) -> str:
    """Methods with their delays, the soonest first, as the rest of a sentence."""
    parts = []
    for delay, group in groupby(ways, key=lambda way: way[1]):
        named = " and ".join(dict.fromkeys(words_of_method(method) for method, _ in group))
        parts.append(f"by {named} in {_minutes(delay)} min" if delay else f"by {named}")
    return "; ".join(parts) + (" unless answered" if parts[-1].endswith(" min") else "")


def words_of_place(place: str) -> str:
    """A place as a log names it: `#ops`; a webhook by its host alone, because its address may hold a secret."""
    kind, _, address = place.partition(":")
    if kind == "channel":
        return address if address.startswith("#") else f"Slack channel {address}"
    return f"webhook {address.partition('://')[2].partition('/')[0].rpartition('@')[2]}"


def _minutes(delay: timedelta) -> str:
    return f"{delay.total_seconds() / 60:g}"
