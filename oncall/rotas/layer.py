"""A layer: a rotation of participants on a seat, within its hours; and who of them is on duty when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from math import lcm
from zoneinfo import ZoneInfo

from oncall.rotas.clockwindow import ClockWindow, is_ever_open, open_intervals
from oncall.rotas.coverage import Interval
from oncall.rotas.rotation import HOURS, Kind, Rotation, Turn
from oncall.rotas.walltime import DAY, transitions, wall_of

HOURS_OF_WEEK = 24 * 7
NO_SUMMER_TIME = ZoneInfo("UTC")


class Advance(StrEnum):
    """When the next participant's turn comes: at every handoff, or only after a turn with active time."""

    HANDOFF = "handoff"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Shift:
    """These people have the seat from `start` until `end` (half-open, UTC), by rota or by an override."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """`participants` are groups of people who take turns, beginning with the one numbered `first`. An empty group's
    turn is left empty.

    `restrict` lists the windows in which the layer is active; none means always. Of several active layers
    on a seat the one with the highest `priority` number wins.
    """

    rotation: Rotation
    participants: tuple[tuple[str, ...], ...]
    priority: int = 1
    advance: Advance = Advance.HANDOFF
    first: int = 0
    restrict: tuple[ClockWindow, ...] = ()


def layer_shifts(layer: Layer, since: datetime, until: datetime) -> list[Shift]:
    """Who is on duty on this layer alone in [since, until): sorted, disjoint, cut at the window's edges."""
    turns = list(layer.rotation.turns(since, until))
    if not turns:
        return []
    advanced = count(turns_taken(layer, turns[0].number))
    shifts = []
    for turn, active in zip(turns, _active_time(layer, turns), strict=True):
        if not active:
            continue
        taken = turn.number if layer.advance is Advance.HANDOFF else next(advanced)
        people = layer.participants[(layer.first + taken) % len(layer.participants)]
        if not people:
            continue
        shifts += [
            Shift(max(start, since), min(end, until), people) for start, end in active if start < until and end > since
        ]
    return shifts


def _active_time(layer: Layer, turns: Sequence[Turn]) -> list[list[Interval]]:
    """For each of these consecutive turns, the parts of it in which the layer is active."""
    if not layer.restrict:
        return [[turn.time] for turn in turns]
    zone = layer.rotation.zone
    windows = open_intervals(layer.restrict, zone, turns[0].time.start, turns[-1].time.end)
    active, passed = [], 0
    for turn in turns:
        while passed < len(windows) and windows[passed].end <= turn.time.start:
            passed += 1
        active.append(_cut(windows, passed, turn.time))
    return active


def _cut(windows: Sequence[Interval], index: int, turn: Interval) -> list[Interval]:
    parts = []
    while index < len(windows) and windows[index].start < turn.end:
        part = Interval(max(turn.start, windows[index].start), min(turn.end, windows[index].end))
        if part.start < part.end:
            parts.append(part)
        index += 1
    return parts


def turns_taken(layer: Layer, number: int) -> int:
    """How many turns have moved the layer on before turn `number`: all, or those that had active time.

    Turns of hours, days and weeks repeat their pattern within some whole weeks of wall clock. So the pattern
    is counted once, without daylight saving; and only the turns near each change of the clocks are looked at
    one by one. Months repeat nothing, and are few.
    """
    if layer.advance is Advance.HANDOFF or number == 0:
        return number
    rotation = layer.rotation
    if rotation.kind is Kind.MONTHLY:
        return sum(_is_active(layer, turn) for turn in range(number))
    pattern = _pattern(layer)
    weeks, rest = divmod(number, len(pattern))
    taken = weeks * sum(pattern) + sum(pattern[:rest])
    return taken + sum(
        _is_active(layer, turn) - pattern[turn % len(pattern)] for turn in _near_transitions(rotation, number)
    )


def _pattern(layer: Layer) -> list[bool]:
    """Whether each turn is active, until the pattern repeats, on a clock that never changes."""
    rotation = layer.rotation
    steady = replace(rotation, start=wall_of(rotation.start, rotation.zone), zone=NO_SUMMER_TIME, until=None)
    hours = rotation.every * HOURS[rotation.kind]
    still = replace(layer, rotation=steady)
    return [_is_active(still, turn) for turn in range(lcm(hours, HOURS_OF_WEEK) // hours)]


def _is_active(layer: Layer, number: int) -> bool:
    start, end = layer.rotation.turn(number).time
    if start >= end or not layer.restrict:
        return start < end
    return is_ever_open(layer.restrict, layer.rotation.zone, start, end)


def _near_transitions(rotation: Rotation, number: int) -> set[int]:
    """The turns before turn `number` that a change of the clocks may have made active, or not: those that
    the hours skipped would have had, or that begin within the first pass of the hours repeated."""
    near: set[int] = set()
    for change in transitions(rotation.zone, rotation.begins - DAY, rotation.handoff(number) + DAY):
        first, last = rotation.number_at(change.at - abs(change.jump)), rotation.number_at(change.at)
        near.update(range(first, min(number, last + 1)))
    return near
