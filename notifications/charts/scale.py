"""A logarithmic axis of durations, with ticks that people think in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from notifications.durations import words

TICKS = [
    1,
    10,
    60,
    300,
    900,
    3600,
    4 * 3600,
    86400,
    3 * 86400,
    7 * 86400,
    30 * 86400,
    90 * 86400,
    365 * 86400,
]


@dataclass(frozen=True)
class LogScale:
    """Seconds in [low, high], both above 0, onto 0…100 (per cent of the width)."""

    low: float
    high: float

    def at(self, seconds: float) -> float:
        clamped = min(max(seconds, self.low), self.high)
        return 100 * (log10(clamped) - log10(self.low)) / (log10(self.high) - log10(self.low))

    def ticks(self) -> list[tuple[float, str]]:
        """Places and words of the ticks inside, thinned to at most six."""
        inside = [t for t in TICKS if self.low <= t <= self.high]
        step = max(1, ceil(len(inside) / 6))
        return [(self.at(t), words(t)) for t in inside[::step]]


def around(durations: Sequence[float]) -> LogScale:
    """The scale of all `durations` (seconds), from the tick below the least to that above the greatest."""
    least, greatest = max(1.0, min(durations)), max(1.0, *durations)
    low = max([t for t in TICKS if t <= least], default=1)
    high = min([t for t in TICKS if t > greatest], default=10 ** ceil(log10(greatest) + 0.01))
    return LogScale(float(low), float(max(high, floor(low * 10))))
