"""Durations as dots on a logarithmic axis, with median and 90th percentile. Never a mean: tails are heavy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from django.utils.safestring import SafeString

from notifications.charts.scale import LogScale, around
from notifications.charts.svg import picture, tag
from notifications.durations import words

FEWEST = 5  # below this a median would mislead (metrics.md)
HEIGHT, FLOOR, COLUMNS = 92, 66, 60


def quantile(ordered: Sequence[float], share: float) -> float:
    """Interpolated between neighbours, as PERCENTILE_CONT and the figures of the API are. `ordered` ascends."""
    below, part = divmod(share * (len(ordered) - 1), 1)
    least, greatest = ordered[int(below)], ordered[ceil(below + part)]
    return least + (greatest - least) * part


def dots(durations: Sequence[float], *, label: str) -> SafeString:
    """`durations` in seconds, 0 or more. Fewer than 5 are not drawn; the text alternative says so."""
    ordered = sorted(durations)
    if len(ordered) < FEWEST:
        said = f"{len(ordered)} so far; shown from {FEWEST}"
        note = tag("text", said, x="0", y="14")
        return picture(note, class_="chart", height="20", width="100%", label=f"{label}: {said}")
    scale = around(ordered)
    median, p90 = quantile(ordered, 0.5), quantile(ordered, 0.9)
    parts = [
        *_axis(scale),
        *_stacked(ordered, scale),
        *_mark(scale.at(median), 12, f"median {words(median)}", "chart__median"),
        *_mark(scale.at(p90), 26, f"p90 {words(p90)}", "chart__p90"),
    ]
    figures = f"median {words(median)}, 90th percentile {words(p90)}, longest {words(ordered[-1])}"
    said = f"{label}: n = {len(ordered)}, {figures}"
    return picture(*parts, class_="chart", width="100%", height=HEIGHT, label=said)


def _axis(scale: LogScale) -> list[SafeString]:
    line = tag("line", class_="chart__grid", x1="0", x2="100%", y1=FLOOR + 6, y2=FLOOR + 6)
    return [
        line,
        *(tag("text", text, x=f"{at:.2f}%", y=HEIGHT - 4, text_anchor=_anchor(at)) for at, text in scale.ticks()),
    ]


def _stacked(ordered: Sequence[float], scale: LogScale) -> list[SafeString]:
    """One dot each, piled where they would cover one another, lower in tall piles so that all fit."""
    columns = [round(scale.at(d) / 100 * COLUMNS) for d in ordered]
    step = min(7.0, (FLOOR - 32) / max(1, max(Counter(columns).values()) - 1))
    seen: Counter[int] = Counter()
    drawn = []
    for column in columns:
        drawn.append(
            tag(
                "circle",
                class_="chart__dot",
                cx=f"{column / COLUMNS * 100:.2f}%",
                cy=FLOOR - seen[column] * step,
                r=3.5,
            )
        )
        seen[column] += 1
    return drawn


def _mark(at: float, y: int, text: str, name: str) -> list[SafeString]:
    line = tag("line", class_=name, x1=f"{at:.2f}%", x2=f"{at:.2f}%", y1=y + 3, y2=FLOOR + 6)
    return [line, tag("text", text, class_="chart__strong", x=f"{at:.2f}%", y=y, text_anchor=_anchor(at))]


def _anchor(at: float) -> str:
    return "start" if at < 12 else "end" if at > 88 else "middle"
