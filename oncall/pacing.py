"""How fast one person is told by one method: a few pages one by one, the rest of a storm in messages with a list.

Pure: moments in, a decision out. The first `ALONE` pages within `WINDOW` go out by themselves, at once. What comes
after waits until it has been quiet for `QUIET`, at most `GATHERED` after the first that waits, and is told in one
message; further such messages follow `APART` after the one before, then twice that, up to `FURTHEST`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ALONE = 3
WINDOW = timedelta(minutes=5)
QUIET = timedelta(seconds=5)
GATHERED = timedelta(seconds=25)
APART = timedelta(minutes=2)
FURTHEST = timedelta(minutes=4)
STORM = timedelta(minutes=15)
"""Messages with a list that are no further back than this belong to the same storm."""


@dataclass(frozen=True, slots=True)
class Heard:
    """When one person was told by one method: of a page alone, and of several together."""

    alone: tuple[datetime, ...] = ()
    together: tuple[datetime, ...] = ()

    def and_alone(self, at: datetime) -> Heard:
        return replace(self, alone=(*self.alone, at))


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now with what waits, the oldest first: tell `alone` of them one by one; the rest in one message, if
    `together`, else not before `at` (None where nothing is left)."""

    alone: int
    together: bool = False
    at: datetime | None = None


def may_be_alone(heard: Heard, at: datetime) -> bool:
    """Whether a page at this moment goes out by itself: few did lately, and no storm is being told of."""
    alone = sum(at - WINDOW < moment <= at for moment in heard.alone)
    return alone < ALONE and not any(at - WINDOW < moment <= at for moment in heard.together)


def move(heard: Heard, waiting: Sequence[datetime], now: datetime) -> Move:
    """What to do at `now` with what has been waiting since these moments, in order."""
    alone = 0
    while alone < len(waiting) and may_be_alone(heard, now):
        heard, alone = heard.and_alone(now), alone + 1
    rest = waiting[alone:]
    if not rest:
        return Move(alone)
    at = _due(heard, rest)
    return Move(alone, together=at <= now, at=at)


def _due(heard: Heard, waiting: Sequence[datetime]) -> datetime:
    gathered = min(max(waiting) + QUIET, min(waiting) + GATHERED)
    storm = [moment for moment in heard.together if moment > min(waiting) - STORM]
    if not storm:
        return gathered
    return max(gathered, max(storm) + min(APART * 2 ** (len(storm) - 1), FURTHEST))
