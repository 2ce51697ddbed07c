"""What the picture of a course of events is made of. Pure: plain data, every time in the zone that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Moment:
    """One moment. `phase`: its name; `kind` as on the incident's timeline; `number`: that of a key moment, else 0."""

    at: datetime
    phase: str
    kind: str
    label: str
    number: int = 0


@dataclass(frozen=True)
class Milestone:
    """A time of the incident: started, detected, mitigated, resolved."""

    at: datetime
    label: str


@dataclass(frozen=True)
class Lane:
    """What happened in one incident; `core`: from its start to its end, None where there is no incident."""

    name: str
    moments: Sequence[Moment]
    milestones: Sequence[Milestone] = ()
    core: tuple[datetime, datetime] | None = None


Series = Sequence[tuple[float, float | None]]
"""(epoch seconds, value or None for a gap), in the order of time."""


@dataclass(frozen=True)
class Panel:
    """A metric panel: its lines by name."""

    name: str
    unit: str
    lines: Sequence[tuple[str, Series]]


@dataclass(frozen=True)
class Figure:
    """Lanes and panels on one axis. `outside`: how many moments are too far before, and after, to be drawn on it."""

    since: datetime
    until: datetime
    lanes: Sequence[Lane]
    panels: Sequence[Panel] = ()
    outside: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Span:
    """A phase, from its first moment until the next phase begins (the last ends with the last moment)."""

    phase: str
    start: datetime
    end: datetime


def spans(moments: Sequence[Moment]) -> list[Span]:
    """The phases in the order of time; `moments` ascend. A phase may come back."""
    starts = [m for i, m in enumerate(moments) if i == 0 or m.phase != moments[i - 1].phase]
    ends = [m.at for m in starts[1:]] + ([moments[-1].at] if moments else [])
    return [Span(m.phase, m.at, end) for m, end in zip(starts, ends, strict=True)]
