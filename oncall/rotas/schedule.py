"""Who is on call: the layers and overrides of a seat, resolved into final shifts.

Pure: data in, shifts out; no database, no clock. All instants are in UTC and intervals half-open.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from oncall.rotas.coverage import Interval, gaps, subtract, union
from oncall.rotas.layer import Layer, Shift, layer_shifts

HORIZONS = tuple(timedelta(days=days) for days in (2, 16, 128, 400))


@dataclass(frozen=True, slots=True)
class Override:
    """These people take the seat from `start` until `end`, whoever was due.

    `exclusive`: it stands beside no other. `swap` is the number of the taken swap that it came of.
    """

    start: datetime
    end: datetime
    people: tuple[str, ...]
    exclusive: bool = False
    swap: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """One place that somebody must fill at every instant; `overrides` stand in the order they were made."""

    name: str
    layers: tuple[Layer, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class NowAndNext:
    """Who has the seat, until when (None: nothing changes within 400 days), and the shift after that."""

    people: tuple[str, ...]
    until: datetime | None
    next: Shift | None


def resolve(seat: Seat, since: datetime, until: datetime) -> list[Shift]:
    """The final shifts of a seat in [since, until): sorted, disjoint, cut at both ends.

    A shift ends where the people change, a gap begins, or an override begins or ends, and nowhere else: a
    turn that passes from somebody to the same somebody, or is cut by windows that touch, is one shift.
    """
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    final: list[Shift] = []
    for level in _levels(seat, since, until):
        taken = union(Interval.of(shift) for shift in final)
        final += _outside(level, taken)
    return merge(final)


def seat_gaps(shifts: Iterable[Shift], since: datetime, until: datetime) -> list[Interval]:
    """The parts of [since, until) in which these shifts leave the seat empty, in order."""
    spans = (Interval.of(shift) for shift in shifts)
    return gaps(spans, since.astimezone(UTC), until.astimezone(UTC))


def merge(shifts: Iterable[Shift]) -> list[Shift]:
    """Disjoint shifts in order, those that touch and differ in nothing else made one."""
    merged: list[Shift] = []
    for shift in sorted(shifts, key=lambda shift: shift.start):
        last = merged[-1] if merged else None
        if last and last.end == shift.start and _same_duty(last, shift):
            merged[-1] = replace(last, end=shift.end)
        else:
            merged.append(shift)
    return merged


def _same_duty(one: Shift, other: Shift) -> bool:
    same_people = one.people == other.people or set(one.people) == set(other.people)
    return same_people and one.overridden == other.overridden


def now_and_next(seat: Seat, at: datetime) -> NowAndNext:
    """Who is on call at `at`, and the next shift: whole, unless it runs beyond 400 days from `at`."""
    at = at.astimezone(UTC)
    for horizon in HORIZONS:
        end = at + horizon
        shifts = resolve(seat, at, end)
        on_call = shifts[0] if shifts and shifts[0].start == at else None
        upcoming = next((shift for shift in shifts if shift is not on_call), None)
        if upcoming and upcoming.end < end:
            break
    if on_call is None:
        return NowAndNext((), upcoming.start if upcoming else None, upcoming)
    return NowAndNext(on_call.people, on_call.end if on_call.end < end else None, upcoming)


def _levels(seat: Seat, since: datetime, until: datetime) -> Iterator[list[Shift]]:
    """What each level of the seat says on its own, the one that wins first."""
    yield from _of_overrides(seat.overrides, since, until)
    strongest_first = sorted(seat.layers, key=lambda layer: -layer.priority)
    for _, layers in groupby(strongest_first, key=lambda layer: layer.priority):
        yield _together([layer_shifts(layer, since, until) for layer in layers])


def _of_overrides(overrides: Sequence[Override], since: datetime, until: datetime) -> Iterator[list[Shift]]:
    """The later-made beats the earlier: those that do not overlap are one level, so that thousands cost no more."""
    level: list[Shift] = []
    for override in reversed(overrides):
        start, end = max(override.start.astimezone(UTC), since), min(override.end.astimezone(UTC), until)
        if start >= end:
            continue
        place = bisect_left(level, start, key=lambda shift: shift.start)
        if (place and level[place - 1].end > start) or (place < len(level) and level[place].start < end):
            yield level
            level, place = [], 0
        level.insert(place, Shift(start, end, override.people, overridden=True))
    if level:
        yield level


def _together(rotas: Sequence[list[Shift]]) -> list[Shift]:
    """Layers of equal priority: where they overlap, the people of all, in the order of the layers."""
    if len(rotas) == 1:
        return rotas[0]
    edges = sorted({edge for rota in rotas for shift in rota for edge in (shift.start, shift.end)})
    positions = [0] * len(rotas)
    shifts = []
    for start, end in pairwise(edges):
        people: dict[str, None] = {}
        for index, rota in enumerate(rotas):
            while positions[index] < len(rota) and rota[positions[index]].end <= start:
                positions[index] += 1
            if positions[index] < len(rota) and rota[positions[index]].start <= start:
                people |= dict.fromkeys(rota[positions[index]].people)
        if people:
            shifts.append(Shift(start, end, tuple(people)))
    return shifts


def _outside(level: Iterable[Shift], taken: Sequence[Interval]) -> Iterator[Shift]:
    """What of a level's shifts the levels above leave to it; both are sorted and disjoint."""
    passed = 0
    for shift in level:
        while passed < len(taken) and taken[passed].end <= shift.start:
            passed += 1
        if passed == len(taken) or taken[passed].start >= shift.end:
            yield shift
            continue
        rest = (taken[index] for index in range(passed, len(taken)))
        for start, end in subtract(Interval.of(shift), rest):
            yield replace(shift, start=start, end=end)
