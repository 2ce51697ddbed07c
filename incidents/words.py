"""How changes and alerts are named on a timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from changes.models import Change
from telemetry.flapping import POLICY
from telemetry.models import Alert

_MOST_NAMES = 5


def name_of_change(change: Change) -> str:
    """Such as `Deploy of 4f2a1c9 to checkout (staging)`, or `Feature flag change on checkout`."""
    revision = change.short_revision
    if change.kind == Change.Kind.DEPLOY:
        what = f"Deploy of {revision} to" if revision else "Deploy to"
    else:
        kind = change.get_kind_display().capitalize()
        what = f"{kind} change {revision} on" if revision else f"{kind} change on"
    where = change.service.slug if change.service else change.service_hint or "an unknown service"
    environment = "" if change.environment in ("", "production") else f" ({change.environment})"
    return f"{what} {where}{environment}"


def tell_change(change: Change, state: str, *, said: str) -> str:
    """The change and how far it had come, by whom and, in a few words, what for."""
    by = f" by {change.actor}" if change.actor else ""
    why = f": {change.description.splitlines()[0][:120]}" if change.description.strip() else ""
    return f"{name_of_change(change)} {said or state}{by}{why}"


def tell_alert(alert: Alert, status: str) -> str:
    verb = "fires" if status == Alert.Status.FIRING else "is resolved"
    detail = f": {alert.summary.splitlines()[0][:200]}" if alert.summary.strip() else ""
    return f"{alert.name} {verb}{detail}"


def tell_flapping(alert: Alert) -> str:
    minutes = int(POLICY.window.total_seconds() // 60)
    return f"{alert.name} flaps: {POLICY.starts} starts or more within {minutes} minutes, not told one by one"


def tell_alerts(alerts: Iterable[Alert], status: str) -> str:
    """Many alerts in one sentence: how many, and of which names the most."""
    counts = Counter(alert.name for alert in alerts)
    named = ", ".join(f"{name} ({count})" for name, count in counts.most_common(_MOST_NAMES))
    more = f" and {len(counts) - _MOST_NAMES} other names" if len(counts) > _MOST_NAMES else ""
    verb = "fire" if status == Alert.Status.FIRING else "are resolved"
    return f"{counts.total()} alerts {verb}: {named}{more}"
