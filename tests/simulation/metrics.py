"""Series of a service's panels: seasonal, noisy, spiky, and shifted from the moment a fault bites."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

DAY = 86_400.0


@dataclass(frozen=True)
class Fault:
    """From `at` on a panel's level is `times` as high, reached over `ramp` seconds; it ends at `until`, if it does."""

    at: float
    times: float
    ramp: float = 0.0
    until: float = math.inf

    def factor(self, moment: float) -> float:
        if not self.at <= moment < self.until:
            return 1.0
        share = 1.0 if self.ramp <= 0 else min(1.0, (moment - self.at) / self.ramp)
        return 1.0 + (self.times - 1.0) * share


@dataclass(frozen=True)
class Shape:
    """What a panel looks like when nothing is wrong."""

    name: str
    unit: str
    level: float
    swing: float
    noise: float
    spikes: float


SHAPES = (
    Shape("Traffic", "req/s", 400, swing=0.6, noise=0.06, spikes=0.002),
    Shape("Error rate", "%", 0.4, swing=0.1, noise=0.35, spikes=0.01),
    Shape("Latency p99", "ms", 240, swing=0.2, noise=0.15, spikes=0.02),
    Shape("Saturation", "%", 45, swing=0.3, noise=0.05, spikes=0.001),
)


def times_of(random: Random, shape: Shape) -> float:
    """By how much a fault moves such a panel: traffic may break down, the others rise."""
    if shape.name == "Traffic":
        return random.choice((random.uniform(0.05, 0.7), random.uniform(1.5, 4)))
    return 1 + random.lognormvariate(0.6, 0.9) * (6 if shape.name == "Error rate" else 1)


def series(
    random: Random, shape: Shape, since: datetime, until: datetime, faults: Sequence[Fault]
) -> list[list[float | None]]:
    """As Prometheus is asked: a point every 15 s, or 500 of them; some are missing."""
    begin, seconds = since.timestamp(), (until - since) / timedelta(seconds=1)
    every = max(15.0, seconds / 500)
    return [[begin + n * every, _value(random, shape, begin + n * every, faults)] for n in range(int(seconds // every))]


def _value(random: Random, shape: Shape, moment: float, faults: Sequence[Fault]) -> float | None:
    if random.random() < 0.004:
        return None
    season = 1 + shape.swing * math.sin(2 * math.pi * (moment / DAY - 0.35))
    spike = random.uniform(2, 6) if random.random() < shape.spikes else 1.0
    shifted = math.prod(fault.factor(moment) for fault in faults)
    return max(0.0, shape.level * season * shifted * spike * random.gauss(1, shape.noise))
