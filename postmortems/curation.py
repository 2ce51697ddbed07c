"""Which entries of an incident's timeline belong in its post-mortem's, to begin with. Pure; people add and remove."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ALERTS = 5
"""In a storm the first few alerts tell what was noticed; the rest tell that it went on."""
_ALWAYS = ("declared", "status", "severity", "update")
_REPAIR = ("monitoring", "resolved", "closed")


@dataclass(frozen=True)
class Entry:
    """A timeline entry, as far as this choice depends on it."""

    id: int
    kind: str
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pick:
    """An entry for the post-mortem, in which phase, and whether it is one of the moments that turned things."""

    id: int
    phase: str
    key_moment: bool


def picks(entries: Iterable[Entry], *, suspects: Iterable[int], detected_at: datetime) -> list[Pick]:
    """The entries to begin with, in the order given; `suspects`: primary keys of changes that may have had a part."""
    suspected, alerts, chosen = set(suspects), 0, []
    for entry in entries:
        alerts += entry.kind == "alert"
        tells_change = entry.data.get("change") in suspected and "verdict" not in entry.data
        if (
            entry.kind in _ALWAYS
            or (entry.kind == "alert" and alerts <= ALERTS)
            or (entry.kind == "change" and tells_change)
        ):
            chosen.append(_pick(entry, first_alert=entry.kind == "alert" and alerts == 1, detected_at=detected_at))
    return chosen


def _pick(entry: Entry, *, first_alert: bool, detected_at: datetime) -> Pick:
    turns = entry.kind in ("declared", "status") or first_alert
    return Pick(entry.id, _phase(entry, detected_at), turns)


def _phase(entry: Entry, detected_at: datetime) -> str:
    if entry.kind == "status":
        return "repair" if entry.data.get("to") in _REPAIR else "diagnosis"
    if entry.kind in ("declared", "alert"):
        return "detection"
    return "background" if entry.kind == "change" and entry.at <= detected_at else "diagnosis"
