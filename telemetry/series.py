"""What is kept of Prometheus's answer: lines with short names and values that JSON can hold. No Django here."""

import math
from collections.abc import Mapping, Sequence
from typing import TypedDict

from telemetry.prometheus import Series


class Line(TypedDict):
    """One line of a chart; points are [epoch seconds, value], the value None for a gap."""

    label: str
    points: list[list[float | None]]


def lines(answer: Sequence[Series]) -> list[Line]:
    """Each series as a line, named by what tells it from the others."""
    telling = _telling([series.labels for series in answer])
    return [Line(label=_name(series.labels, telling), points=_points(series)) for series in answer]


def has_points(kept: Sequence[Line]) -> bool:
    """Whether there is anything to see."""
    return any(line["points"] for line in kept)


def _points(series: Series) -> list[list[float | None]]:
    return [[at, value if math.isfinite(value) else None] for at, value in series.points]


def _telling(labels: Sequence[Mapping[str, str]]) -> list[str]:
    """Labels that are not the same everywhere; of a single series all but the metric's name."""
    names = sorted({name for each in labels for name in each} - {"__name__"})
    if len(labels) < 2:
        return names
    return [name for name in names if len({each.get(name) for each in labels}) > 1]


def _name(labels: Mapping[str, str], telling: Sequence[str]) -> str:
    told = [f"{name}={labels[name]}" for name in telling if labels.get(name)]
    return ", ".join(told)[:200] or labels.get("__name__", "value")
