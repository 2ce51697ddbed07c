"""A line the size of a word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import isfinite

from django.utils.safestring import SafeString

from notifications.charts.svg import number, picture, tag

WIDTH, HEIGHT, PAD = 96.0, 24.0, 2.0


def sparkline(values: Sequence[float | None], *, label: str) -> SafeString:
    """`values` at even steps, oldest first; None, NaN and infinities are gaps. `label` says of what."""
    known = [v for v in values if v is not None and isfinite(v)]
    if not known:
        return picture(class_="chart chart--spark", viewBox="0 0 96 24", label=f"{label}: no data")
    low, high = min(known), max(known)

    def place(index: int, value: float) -> tuple[float, float]:
        x = PAD + (WIDTH - 2 * PAD) * (index / (len(values) - 1) if len(values) > 1 else 0.5)
        share = (value - low) / (high - low) if high > low else 0.5
        return x, HEIGHT - PAD - (HEIGHT - 2 * PAD) * share

    placed = [None if v is None or not isfinite(v) else place(i, v) for i, v in enumerate(values)]
    runs = [list(run) for there, run in groupby(placed, key=lambda p: p is not None) if there]
    lines = [tag("polyline", class_="chart__line", points=_points([p for p in run if p])) for run in runs]
    last = next(p for p in reversed(placed) if p)
    end = tag("circle", class_="chart__end", cx=last[0], cy=last[1], r=2)
    said = f"{label}: from {number(low)} to {number(high)}, last {number(known[-1])}"
    return picture(*lines, end, class_="chart chart--spark", viewBox="0 0 96 24", label=said)


def _points(run: list[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in run)
