"""A chart as a table that one can listen to: few rows, each with what its stretch of time held. No Django here."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from telemetry.figures import written
from telemetry.series import Line, values_within

MOST_ROWS, FEWEST_ROWS, MOST_CELLS = 30, 12, 240


@dataclass(frozen=True)
class Row:
    """A stretch that begins at `at` (epoch seconds): for each series "median (lowest to highest)", or a dash."""

    at: float
    cells: list[str]


def rows(lines: Sequence[Line], *, since: float, until: float) -> list[Row]:
    """[since, until] cut into at most 30 stretches, fewer where there are many series."""
    if not lines or until <= since:
        return []
    count = max(FEWEST_ROWS, min(MOST_ROWS, MOST_CELLS // len(lines)))
    width = (until - since) / count
    edges = [since + width * place for place in range(count)]
    return [
        Row(start, [_cell(line, start, float("inf") if start == edges[-1] else start + width) for line in lines])
        for start in edges
    ]


def _cell(line: Line, since: float, until: float) -> str:
    values = values_within(line["points"], since, until)
    if not values:
        return written(None)
    lowest, middle, highest = (written(value) for value in (min(values), median(values), max(values)))
    return middle if lowest == highest else f"{middle} ({lowest} to {highest})"
