"""What a new resolution changes: rows to keep, end elsewhere, drop or add; and whose future it alters. Pure.

The past is a record. A shift that is under way and goes on with the same person keeps its row, and only its end moves;
one that somebody else takes over is cut at the moment from which the change holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from oncall.rotas.coverage import Interval, union, without


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on one seat over a half-open interval; `row` is where it is stored, if it is."""

    person: int
    start: datetime
    end: datetime
    overridden: bool = False
    row: int | None = None

    @property
    def key(self) -> tuple[int, datetime, datetime, bool]:
        return (self.person, self.start, self.end, self.overridden)


@dataclass(slots=True)
class Changes:
    """What to write, in this order: remove, move ends, add."""

    remove: list[int] = field(default_factory=list)
    ends: dict[int, datetime] = field(default_factory=dict)
    add: list[Duty] = field(default_factory=list)


def joined(duties: Iterable[Duty]) -> list[Duty]:
    """Duties of one seat, each person's that touch made one: a partner who comes or goes does not end a shift."""
    found: list[Duty] = []
    last: dict[tuple[int, bool], int] = {}
    for duty in sorted(duties, key=lambda duty: duty.start):
        key = (duty.person, duty.overridden)
        before = found[last[key]] if key in last else None
        if before and before.end == duty.start:
            found[last[key]] = replace(before, end=duty.end)
        else:
            last[key] = len(found)
            found.append(duty)
    return found


def changes(stored: Sequence[Duty], wanted: Sequence[Duty], since: datetime) -> Changes:
    """How to get from `stored` to `wanted` on one seat, where both speak of `since` and after.

    `stored` holds every row that ends after `since`; `wanted` is joined, and cut at `since`.
    """
    plan = Changes()
    left = {duty.key: duty for duty in wanted}
    for duty in stored:
        assert duty.row is not None  # noqa: S101 - stored duties have a row
        if duty.start < since:
            goes_on = next((key for key in left if key[:2] == (duty.person, since) and key[3] == duty.overridden), None)
            end = left.pop(goes_on).end if goes_on else since
            if end != duty.end:
                plan.ends[duty.row] = end
        elif duty.key in left:
            del left[duty.key]
        else:
            plan.remove.append(duty.row)
    plan.add = list(left.values())
    return plan


def difference(
    before: Iterable[Duty], after: Iterable[Duty], window: Interval
) -> dict[int, tuple[list[Interval], list[Interval]]]:
    """By person, what they gain and what they lose within the window, as instants and not as rows."""
    old, new = _by_person(before, window), _by_person(after, window)
    found = {}
    for person in old.keys() | new.keys():
        gained = without(new.get(person, []), old.get(person, []))
        lost = without(old.get(person, []), new.get(person, []))
        if gained or lost:
            found[person] = (gained, lost)
    return found


def _by_person(duties: Iterable[Duty], window: Interval) -> Mapping[int, list[Interval]]:
    spans: dict[int, list[Interval]] = {}
    for duty in duties:
        span = Interval(max(duty.start, window.start), min(duty.end, window.end))
        spans.setdefault(duty.person, []).append(span)
    return {person: union(found) for person, found in spans.items()}
