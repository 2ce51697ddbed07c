"""What an edit of a schedule changes, before it is saved: bars before and after, and whose shifts alter. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from oncall.definition import Definition
from oncall.rotas.coverage import Interval, union, without
from oncall.rotas.layer import Shift
from oncall.rotas.schedule import Override, Seat, resolve, seat_gaps


@dataclass(frozen=True, slots=True)
class Change:
    """What one person gains and loses on a seat."""

    person: str
    gained: list[Interval]
    lost: list[Interval]


@dataclass(frozen=True, slots=True)
class SeatEffect:
    """A seat over a window as it is and as it would be."""

    name: str
    before: list[Shift]
    after: list[Shift]
    gaps: list[Interval]
    changes: list[Change]


def compare(before: Definition | None, after: Definition, since: datetime, until: datetime) -> list[SeatEffect]:
    """Every seat of either definition over [since, until)."""
    old = {seat.name: seat for seat in before.seats} if before else {}
    new = {seat.name: seat for seat in after.seats}
    return [_effect(name, old.get(name), new.get(name), since, until) for name in old | new]


def with_override(definition: Definition, seat: str, override: Override) -> Definition:
    """The definition with one more override on this seat."""
    seats = tuple(
        replace(one, overrides=(*one.overrides, override)) if one.name == seat else one for one in definition.seats
    )
    return replace(definition, seats=seats)


def _effect(name: str, old: Seat | None, new: Seat | None, since: datetime, until: datetime) -> SeatEffect:
    before = resolve(old, since, until) if old else []
    after = resolve(new, since, until) if new else []
    gaps = seat_gaps(after, since, until) if new else []
    return SeatEffect(name, before, after, gaps, _changes(before, after))


def _changes(before: Iterable[Shift], after: Iterable[Shift]) -> list[Change]:
    had, has = _by_person(before), _by_person(after)
    changes = [
        Change(
            person, without(has.get(person, []), had.get(person, [])), without(had.get(person, []), has.get(person, []))
        )
        for person in sorted(had | has)
    ]
    return [change for change in changes if change.gained or change.lost]


def _by_person(shifts: Iterable[Shift]) -> dict[str, list[Interval]]:
    spans: dict[str, list[Interval]] = {}
    for shift in shifts:
        for person in shift.people:
            spans.setdefault(person, []).append(Interval.of(shift))
    return {person: union(found) for person, found in spans.items()}
