"""Pairs of columns on even steps: what was planned, and in front of it what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString

from notifications.charts.svg import number, picture, tag

STEP, COLUMN, FRONT, HEIGHT = 14.0, 12.0, 6.0, 48.0


def pairs(rows: Sequence[tuple[float | None, float | None]], *, label: str) -> SafeString:
    """(planned, spent), oldest first; None where nobody said. `label` says all there is to know in words."""
    greatest = max((value for row in rows for value in row if value), default=0) or 1
    columns: list[str] = []
    for index, (planned, spent) in enumerate(rows):
        left = index * STEP
        columns += _column(planned, greatest, left, COLUMN, "chart__track")
        columns += _column(spent, greatest, left + (COLUMN - FRONT) / 2, FRONT, "chart__bar")
    line = tag("line", class_="chart__grid", x1="0", x2=len(rows) * STEP, y1=HEIGHT, y2=HEIGHT)
    size = f"0 0 {number(max(len(rows), 1) * STEP)} {number(HEIGHT + 1)}"
    return picture(*columns, line, class_="chart chart--pairs", viewBox=size, label=label)


def _column(value: float | None, greatest: float, left: float, width: float, kind: str) -> list[SafeString]:
    if not value:
        return []
    height = HEIGHT * value / greatest
    return [tag("rect", class_=kind, x=left, y=HEIGHT - height, width=width, height=height, rx=1)]
