"""What every figure shows: its definition, its n, its period, and the rows behind it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FEWEST = 5
"""Durations of fewer cases than this are hidden: they would be about persons, or about chance."""


@dataclass(frozen=True)
class Period:
    """From `since` up to, and without, `until`."""

    since: datetime
    until: datetime

    def __contains__(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until


@dataclass(frozen=True)
class Figure:
    """A figure that managers see.

    `value` is None where there is too little to say something; times are in seconds, ages in days, shares from 0 to 1.
    `rows` are the records behind it, each with the same keys, in the order in which they are listed.
    """

    name: str
    title: str
    definition: str
    period: Period
    n: int
    value: dict[str, Any] | None = None
    series: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)


def share(part: int, whole: int) -> float | None:
    """`part / whole`, None of nothing."""
    return part / whole if whole else None
