"""Datadog's webhooks integration, with the payload that Settings tells to paste (templates/oncall/_send_datadog.html).

Variables: https://docs.datadoghq.com/integrations/webhooks/#variables. One without a value comes as it is written, so
`$ALERT_PRIORITY` means that there is none. Other templates do too, as far as they name things alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from notifications.payloads import Fields, read_object, read_time
from telemetry.events import AlertEvent, AlertStatus
from telemetry.senders.reading import (
    ENVIRONMENT_LABELS,
    REVISION_LABELS,
    SERVICE_LABELS,
    first,
    pairs,
    said,
    severity_of,
)

_UNFILLED = re.compile(r"\$\{?[A-Za-z_][A-Za-z0-9_]*(\[[^\]]*\])?\}?")
_FIRING = ("triggered", "re-triggered", "warn", "re-warn", "no data", "re-no data", "renotify")
_ALERT_TYPES: dict[str, AlertStatus] = {"error": "firing", "warning": "firing", "success": "resolved"}
_EMPTY_SCOPES = ("", "*")


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[AlertEvent]:
    """The alert; nothing for events of no monitor. Raises `MalformedPayload`."""
    payload = read_object(body)
    nested = payload.values.get("alert")
    told = _told(payload.values) | (_told(nested, "alert_") if isinstance(nested, dict) else {})
    status = _status(told)
    return [_alert(told, pairs(_tags(payload)), status, received_at)] if status else []


def _told(values: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """What was filled in, by name."""
    texts = ((f"{prefix}{name.removeprefix(prefix)}", said(value)) for name, value in values.items())
    return {name: text for name, text in texts if text and not _UNFILLED.fullmatch(text)}


def _tags(payload: Fields) -> object:
    tags = payload.values.get("tags")
    return "" if isinstance(tags, str) and _UNFILLED.fullmatch(tags.strip()) else tags


def _status(told: Mapping[str, str]) -> AlertStatus | None:
    transition = first(told, ("alert_transition", "transition")).lower()
    if "recover" in transition:
        return "resolved"
    return "firing" if transition in _FIRING else _ALERT_TYPES.get(told.get("alert_type", "").lower())


def _alert(told: Mapping[str, str], tags: dict[str, str], status: AlertStatus, received_at: datetime) -> AlertEvent:
    at = _moment(told) or received_at
    scope = first(told, ("scopes", "alert_scope", "scope"))
    monitor = first(told, ("monitor_id", "alert_id"))
    title = first(told, ("alert_title", "title", "event_title"))
    cycle = first(told, ("alert_cycle_key", "cycle_key", "alert_cycleId"))
    labels = pairs(scope) | tags | _facts(told, title, monitor, scope)
    severity = labels.get("severity", "") if status == "firing" else ""
    return AlertEvent(
        fingerprint=_identity(monitor, scope) or cycle[:100] or first(told, ("aggreg_key", "id")) or _digest(title),
        status=status,
        starts_at=at,
        ends_at=at if status == "resolved" else None,
        name=_plain(title) or f"Monitor {monitor}",
        summary=_plain(title) or told.get("alert_status", ""),
        severity=severity,
        environment=first(labels, ENVIRONMENT_LABELS),
        service_hint=first(labels, SERVICE_LABELS) or None,
        revision=first(labels, REVISION_LABELS),
        labels=labels,
        annotations=_annotations(told),
        generator_url=first(told, ("url", "link", "event_url", "alert_url")),
        group_key=f"monitor:{monitor}" if monitor else "",
        told_at=at,
        cycle=cycle,
    )


def _moment(told: Mapping[str, str]) -> datetime | None:
    return read_time(first(told, ("date", "last_updated")), "date")


def _facts(told: Mapping[str, str], title: str, monitor: str, scope: str) -> dict[str, str]:
    """The labels that are not tags."""
    transition = first(told, ("alert_transition", "transition"))
    facts = {
        "alertname": _plain(title),
        "severity": _severity(told, transition.lower()),
        "priority": first(told, ("severity", "alert_priority")),
        "monitor_id": monitor,
        "scope": "" if scope in _EMPTY_SCOPES else scope,
        "hostname": told.get("hostname", ""),
        "transition": transition,
        "alert_metric": told.get("alert_metric", ""),
    }
    return {name: value for name, value in facts.items() if value}


def _severity(told: Mapping[str, str], transition: str) -> str:
    """A warning is one whatever its monitor's priority; without a priority it is what the alert's type says."""
    if transition in ("warn", "re-warn"):
        return "warning"
    return severity_of(first(told, ("severity", "alert_priority"))) or told.get("alert_type", "").lower()


def _annotations(told: Mapping[str, str]) -> dict[str, str]:
    found = {
        "description": first(told, ("body", "text", "message", "alert_status")),
        "status": told.get("alert_status", ""),
        "query": told.get("alert_query", ""),
        "snapshot": told.get("snapshot", ""),
    }
    return {name: value for name, value in found.items() if value}


def _identity(monitor: str, scope: str) -> str:
    """One group of one monitor, the same from cycle to cycle: by that a flapping one is known."""
    parts = sorted(part.strip() for part in scope.split(",") if part.strip() not in _EMPTY_SCOPES)
    return f"monitor:{monitor}:{_digest(','.join(parts))}" if monitor else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(title: str) -> str:
    """Without the state that Datadog writes in front: `[P1] [Triggered on {host:web-1}] Disk is full`."""
    bare = re.sub(r"^(\s*\[[^\]]{0,200}\])+\s*", "", title)
    return bare or title
