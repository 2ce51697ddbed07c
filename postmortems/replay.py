"""A past incident shown again step by step, as it became known then, without its outcome. Pure.

What was written down at the time is shown when it was written: somebody who notes at 10:20 what happened at 09:50 knew
it at 10:20. Where the whole timeline was written afterwards (an import), it is shown as it happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from incidents.runs import Run, Told, collapse

ENDS = ("resolved", "closed", "cancelled")
SKEW = timedelta(minutes=1)
TOGETHER = timedelta(seconds=10)
ENTERED = ("declared", "alert", "change", "page", "role", "service", "telemetry")
"""What Andon enters of itself: all that follows from one event within seconds is one step."""


@dataclass(frozen=True)
class Entry:
    """A timeline entry, as far as a replay depends on it."""

    id: int
    at: datetime
    recorded_at: datetime
    kind: str
    text: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What is shown at once: an entry, or what Andon entered within seconds; `known` is when it became known."""

    ids: tuple[int, ...]
    at: datetime
    known: datetime
    kind: str
    text: str

    @property
    def key(self) -> int:
        return self.ids[0]


def steps(entries: Iterable[Entry], *, resolved_at: datetime) -> list[Step]:
    """What players see, in the order in which it became known; nothing of how it ended, or of what was said since."""
    told = list(entries)
    at_the_time = any(entry.recorded_at <= resolved_at for entry in told)

    def known(entry: Entry) -> datetime:
        return max(entry.at, entry.recorded_at) if at_the_time else entry.at

    shown = {entry.id: entry for entry in told if _belongs(entry, known(entry), resolved_at)}
    in_order = sorted(shown.values(), key=lambda entry: (known(entry), entry.at, entry.id))
    found = []
    for one in collapse([_told(entry) for entry in in_order]):
        ids = tuple(entry.id for entry in one.entries) if isinstance(one, Run) else (one.id,)
        first = shown[ids[0]]
        text = one.words if isinstance(one, Run) else first.text
        found.append(Step(ids, first.at, max(known(shown[key]) for key in ids), first.kind, text))
    return _together(found)


def _together(found: Iterable[Step]) -> list[Step]:
    """The same, with one step in place of those that followed from one another by themselves."""
    joined: list[Step] = []
    for step in found:
        last = joined[-1] if joined else None
        if last and {last.kind, step.kind} <= set(ENTERED) and step.known - last.known <= TOGETHER:
            joined[-1] = replace(last, ids=last.ids + step.ids, known=step.known, text=f"{last.text}\n{step.text}")
        else:
            joined.append(step)
    return joined


def end_of(entries: Iterable[Entry], *, resolved_at: datetime | None, began: datetime) -> datetime:
    """When it was over, as was known when the exercise `began`: the incident may have been reopened since."""
    if resolved_at and resolved_at <= began:
        return resolved_at
    ends = [entry.at for entry in entries if entry.kind == "status" and entry.data.get("to") == "resolved"]
    return max(ends, default=resolved_at or began)


def _belongs(entry: Entry, known: datetime, resolved_at: datetime) -> bool:
    """Corrections of Andon's own are no part of the story, and neither is its end."""
    if entry.kind == "system" or known >= resolved_at:
        return False
    return not (entry.kind == "status" and entry.data.get("to") in ENDS and known >= resolved_at - SKEW)


def _told(entry: Entry) -> Told:
    if entry.kind != "alert":
        return Told(entry.id, entry.at)
    count = len(entry.data["alerts"]) if "alerts" in entry.data else 1
    return Told(entry.id, entry.at, str(entry.data.get("status", "firing")), count, str(entry.data.get("name", "")))


def visible(of: Sequence[Step], shown: int) -> Sequence[Step]:
    """What players have seen after `shown` steps; the first from the beginning."""
    return of[: max(1, shown)]


def as_declared(entries: Iterable[Entry], *, title: str, severity: str) -> tuple[str, str]:
    """Title and severity as they were at first, whatever they are now (`title`, `severity`)."""
    told = sorted(entries, key=lambda entry: (entry.recorded_at, entry.id))
    titles = (entry.data["before"].get("title") for entry in told if isinstance(entry.data.get("before"), dict))
    severities = (entry.data.get("from") for entry in told if entry.kind == "severity")
    return next((one for one in titles if one), title), next((one for one in severities if one), severity)
