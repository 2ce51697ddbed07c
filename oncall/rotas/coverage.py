"""Arithmetic of half-open intervals [start, end): what is covered, and what is not.

Coverage is always the union of intervals, never the sum of durations: two people at once cover an hour once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol


class Lasting(Protocol):
    """Whatever has a start and an end: a shift, a swap, leave, an override."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


class Interval(NamedTuple):
    """A half-open stretch of time, start ≤ t < end."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, one: Lasting) -> Interval:
        """How long this lasts."""
        return cls(one.start, one.end)

    @classmethod
    def read(cls, named: Mapping[str, str]) -> Interval:
        """The interval that `as_json()` wrote."""
        return cls(datetime.fromisoformat(named["start"]), datetime.fromisoformat(named["end"]))

    def as_json(self) -> dict[str, str]:
        """As events name it: `start` and `end`, RFC 3339."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as sorted intervals that neither overlap nor touch; empty ones are dropped."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.start >= interval.end:
            continue
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return merged


def subtract(whole: Interval, covered: Iterable[Interval]) -> list[Interval]:
    """What of `whole` none of `covered` holds; `covered` is sorted and disjoint, as `union` returns it."""
    left: list[Interval] = []
    start = whole.start
    for hole in covered:
        if hole.start >= whole.end:
            break
        if hole.start > start:
            left.append(Interval(start, hole.start))
        start = max(start, hole.end)
    if start < whole.end:
        left.append(Interval(start, whole.end))
    return left


def common(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """The instants that both hold, as sorted and disjoint intervals."""
    others = union(others)
    cut = (Interval(max(one.start, other.start), min(one.end, other.end)) for one in some for other in others)
    return union(cut)


def without(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """The instants that only the first hold."""
    others = union(others)
    return [part for one in union(some) for part in subtract(one, others)]


def gaps(intervals: Iterable[Interval], since: datetime, until: datetime) -> list[Interval]:
    """The parts of [since, until) that no interval covers, in order."""
    return subtract(Interval(since, until), union(intervals))


def covered_time(intervals: Iterable[Interval]) -> timedelta:
    """How long at least one of the intervals runs."""
    return sum((interval.end - interval.start for interval in union(intervals)), timedelta())
