"""What is kept of an answer: lines with short names, and values that JSON can hold. No Django here."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from telemetry.answers import LogLine, Series

MOST_POINTS = 500  # of one line
LONGEST_NAME = 200  # characters

Point = list[float | None]
"""[epoch seconds, value], the value None for a gap."""


class Line(TypedDict):
    """One line of a chart."""

    label: str
    points: list[Point]


def lines(answer: Sequence[Series]) -> list[Line]:
    """Each series as a line, named by what tells it from the others: at most 500 points, in the order of time."""
    telling = _telling([series.labels for series in answer])
    return [
        Line(label=_name(series.labels, telling), points=thinned(_points(series), MOST_POINTS)) for series in answer
    ]


def log_rows(logs: Iterable[LogLine]) -> list[list[float | str]]:
    """Lines of a log as they are kept: [epoch seconds, stream, text]."""
    return [[line.at, _stream(line.labels), line.text] for line in logs]


def has_points(kept: Iterable[Line]) -> bool:
    """Whether there is anything to see."""
    return any(line["points"] for line in kept)


def values_within(points: Iterable[Point], since: float, until: float) -> list[float]:
    """The values at instants of [since, until) in epoch seconds; gaps are left out."""
    return [value for at, value in points if at is not None and value is not None and since <= at < until]


def shifted(kept: Iterable[Line], seconds: float) -> list[Line]:
    """The same lines, so much later."""
    return [Line(label=line["label"], points=[_later(point, seconds) for point in line["points"]]) for line in kept]


def thinned(points: list[Point], most: int) -> list[Point]:
    """At most `most` points (2 or more) that keep the highest and the lowest of every stretch, so that no spike goes.

    A stretch without any value stays a gap.
    """
    if len(points) <= most:
        return points
    size = math.ceil(len(points) / max(1, most // 2))
    return [kept for start in range(0, len(points), size) for kept in _extremes(points[start : start + size])]


def _extremes(stretch: list[Point]) -> Iterator[Point]:
    told = [(value, place) for place, (_, value) in enumerate(stretch) if value is not None]
    places = {min(told)[1], max(told)[1]} if told else {0}
    return (stretch[place] for place in sorted(places))


def _points(series: Series) -> list[Point]:
    """In the order of time, each instant once, values to six digits: more cannot be seen."""
    by_time = {round(at, 3): float(f"{value:.6g}") if math.isfinite(value) else None for at, value in series.points}
    return [[at, by_time[at]] for at in sorted(by_time)]


def _later(point: Point, seconds: float) -> Point:
    at, value = point
    return [None if at is None else at + seconds, value]


def _telling(labels: Sequence[Mapping[str, str]]) -> list[str]:
    """Labels that are not the same everywhere; of a single series all but the metric's name."""
    names = sorted({name for each in labels for name in each} - {"__name__"})
    if len(labels) < 2:
        return names
    return [name for name in names if len({each.get(name) for each in labels}) > 1]


def _name(labels: Mapping[str, str], telling: Sequence[str]) -> str:
    told = ", ".join(f"{name}={labels[name]}" for name in telling if labels.get(name))
    return _short(told or labels.get("__name__", "value"))


def _stream(labels: Mapping[str, str]) -> str:
    return _short(", ".join(f"{name}={value}" for name, value in sorted(labels.items())))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
