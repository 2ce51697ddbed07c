"""A metric panel as small lines: its name, what its values ran between, and a curve for each line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postmortems.moments.figure import Panel, Series
from postmortems.moments.shapes import Poly, Rect, Shape, Text, shortened, width
from telemetry.figures import written
from telemetry.series import thinned

TITLE, PLOT = 17.0, 44.0
LINES, POINTS = 6, 160
"""Lines that are drawn, and points of each: more cannot be told apart."""
INSET = 3.0


def panel_shapes(panel: Panel, *, since: float, until: float, left: float, right: float, top: float) -> Iterator[Shape]:
    """Its shapes from `top` down to `top + TITLE + PLOT`; `since` and `until` in epoch seconds. It has a value."""
    low, high = _range(panel)
    limits = f"{written(low, digits=3)} to {written(high, panel.unit, digits=3)}"
    yield Text(right, top + 12, limits, "quiet", to_left=True)
    yield Text(left, top + 12, shortened(_name(panel), right - left - width(limits) - 12), "ink")
    plot = top + TITLE
    yield Rect(left, plot, right - left, PLOT, "plot")

    def place(at: float, value: float) -> tuple[float, float]:
        height = (value - low) / (high - low) if high > low else 0.5
        return left + (right - left) * (at - since) / (until - since), plot + PLOT - INSET - height * (PLOT - 2 * INSET)

    for index, (_, points) in enumerate(panel.lines[:LINES]):
        for stretch in _stretches(points):
            yield Poly([place(at, value) for at, value in stretch], f"line line{index % 3}")


def _range(panel: Panel) -> tuple[float, float]:
    values = [value for _, points in panel.lines[:LINES] for _, value in points if value is not None]
    values = values or [value for _, points in panel.lines for _, value in points if value is not None]
    return min(values), max(values)


def _name(panel: Panel) -> str:
    """With the names of its lines where there are a few; with how many are left out where there are many."""
    names = [name for name, _ in panel.lines]
    if len(names) > LINES:
        return f"{panel.name} · {LINES} of {len(names)} lines"
    return f"{panel.name} · {', '.join(names)}" if 1 < len(names) <= 4 else panel.name


def _stretches(points: Series) -> Iterator[Sequence[tuple[float, float]]]:
    """The points without gaps between them; one that stands alone is a dot."""
    held: list[tuple[float, float]] = []
    for at, value in thinned([[at, value] for at, value in points], POINTS):
        if at is not None and value is not None:
            held.append((at, value))
        elif held:
            yield _line(held)
            held = []
    if held:
        yield _line(held)


def _line(held: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return held if len(held) > 1 else held * 2
