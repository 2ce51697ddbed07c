"""When a message that was not taken is sent again: the schedule that Standard Webhooks recommends. No Django here."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

PAUSES = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
JITTER = 0.1  # of a pause, at most: what failed together does not come back together
LONGEST_ASKED = timedelta(hours=24)
"""A subscriber may ask for a pause as long as this, and gets no longer one."""


def next_try(*, attempts: int, now: datetime, message: int, asked: float | None = None) -> datetime | None:
    """When to try again after so many attempts; None where it is given up.

    `asked`: seconds of Retry-After; they lengthen a pause, and never shorten it.
    """
    if not 1 <= attempts <= len(PAUSES):
        return None
    pause = PAUSES[attempts - 1] * (1 + JITTER * _share(message, attempts))
    return now + max(pause, asked_pause(asked))


def asked_pause(asked: float | None) -> timedelta:
    """The pause that a subscriber asked for, within bounds."""
    return min(timedelta(seconds=min(max(asked or 0.0, 0.0), LONGEST_ASKED.total_seconds())), LONGEST_ASKED)


def _share(message: int, attempts: int) -> float:
    """Between 0 and 1, by chance, and the same for the same attempt."""
    return zlib.crc32(f"{message}:{attempts}".encode()) / 0xFFFFFFFF
