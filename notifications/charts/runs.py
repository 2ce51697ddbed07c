"""Things that took some time each, at the moments they ended: how long upwards, time to the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from notifications.charts.svg import picture, tag
from notifications.durations import words

HEIGHT, TOP, FLOOR, DOT = 140, 22, 112, 3.5


@dataclass(frozen=True)
class Run:
    """One of them: when it ended, how many seconds it took, whether it failed, and what it says of itself."""

    at: datetime
    seconds: float
    failed: bool
    says: str


def runs(
    shown: Sequence[Run], *, since: datetime, until: datetime, label: str, ticks: Sequence[tuple[datetime, str]] = ()
) -> SafeString:
    """Dots on the axis [since, until]; those that failed are squares on end. Raises ValueError when the axis is empty.

    `ticks` are (instant, words), in the viewer's zone as the labels are.
    """
    if until <= since:
        raise ValueError(f"an axis must end after it starts, not from {since:%c} until {until:%c}")
    inside = [run for run in shown if since <= run.at <= until]
    longest = max((run.seconds for run in inside), default=0.0) or 1.0

    def x(moment: datetime) -> float:
        return 1 + 98 * ((moment - since) / (until - since))

    failed = sum(run.failed for run in inside)
    said = f"{label}: {len(inside)} runs, {failed} failed, the longest took {words(longest)}" if inside else label
    axis = [tag("line", class_="chart__grid", x1="0", x2="100%", y1=y, y2=y) for y in (TOP, FLOOR)]
    marks = [
        tag("text", text, x=f"{x(at):.2f}%", y=HEIGHT - 8, text_anchor="middle") for at, text in ticks if 4 < x(at) < 96
    ]
    height = tag("text", words(longest), x="0", y=TOP - 6)
    return picture(
        *axis,
        height,
        *marks,
        *(_dot(run, x(run.at), FLOOR - (FLOOR - TOP) * run.seconds / longest) for run in inside),
        class_="chart",
        width="100%",
        height=HEIGHT,
        label=said,
    )


def _dot(run: Run, x: float, y: float) -> SafeString:
    title = tag("title", run.says)
    if not run.failed:
        return tag("circle", title, class_="chart__dot", cx=f"{x:.2f}%", cy=y, r=DOT)
    square = tag("rect", title, class_="chart__dot chart__dot--bad", x=-DOT, y=-DOT, width=2 * DOT, height=2 * DOT)
    return tag("svg", tag("g", square, transform="rotate(45)"), x=f"{x:.2f}%", y=y, overflow="visible")
