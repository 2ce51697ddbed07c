"""Pictures drawn on the server: pure functions from numbers to SVG with class names and a text alternative.

Colours come from `static/css/components.css`; there is no inline style, so the strict content policy holds.
"""

from notifications.charts.bars import Bar, bars
from notifications.charts.dots import dots
from notifications.charts.lanes import Block, Lane, lanes
from notifications.charts.pairs import pairs
from notifications.charts.runs import Run, runs
from notifications.charts.sparkline import sparkline

__all__ = ["Bar", "Block", "Lane", "Run", "bars", "dots", "lanes", "pairs", "runs", "sparkline"]
