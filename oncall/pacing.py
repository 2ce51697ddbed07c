"""How fast one person is told by one method: a few pages one by one, the rest of a storm in messages with a list.

Pure: moments in, a decision out. The first `ALONE` pages within `WINDOW` go out by themselves, at once. What comes
after waits until nothing has come for `QUIET`, at most `GATHERED` after the first that waits. If it is one page still,
it goes out by itself: pages that come one after the other are hardly held up, and storms are known by what gathers.
Several are told in one message, and the next follows `APART` later at the earliest. A storm that was told of in `LISTS`
such messages and goes on is told of less and less often: each time after twice as long, up to `FURTHEST`.
Whoever was told of `MANY` pages one by one within `LONG` hears of further ones no more often than every `APART`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ALONE = 3
WINDOW = timedelta(minutes=1)
QUIET = timedelta(seconds=3)
GATHERED = timedelta(seconds=20)
APART = timedelta(seconds=30)
LISTS = 6
FURTHEST = timedelta(minutes=4)
MANY = 20
LONG = timedelta(minutes=5)
STORM = timedelta(minutes=15)
"""Messages with a list that are no further back than this belong to the same storm."""


@dataclass(frozen=True, slots=True)
class Heard:
    """When one person was told by one method: of a page alone, and of several together."""

    alone: tuple[datetime, ...] = ()
    together: tuple[datetime, ...] = ()

    def and_alone(self, at: datetime) -> Heard:
        return replace(self, alone=(*self.alone, at))

    def alone_within(self, span: timedelta, at: datetime) -> int:
        return sum(at - span < moment <= at for moment in self.alone)


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now with what waits, the oldest first: tell `alone` of them one by one; the rest in one message, if
    `together`, else not before `at` (None where nothing is left)."""

    alone: int
    together: bool = False
    at: datetime | None = None


def may_be_alone(heard: Heard, at: datetime) -> bool:
    """Whether a page at this moment goes out by itself, at once: few did lately, and no storm is being told of."""
    storm = any(at - LONG < moment <= at for moment in heard.together)
    return not storm and heard.alone_within(WINDOW, at) < ALONE and heard.alone_within(LONG, at) < MANY


def move(heard: Heard, waiting: Sequence[datetime], now: datetime) -> Move:
    """What to do at `now` with the pages that have been waiting since these moments, in order."""
    alone = 0
    while alone < len(waiting) and may_be_alone(heard, now):
        heard, alone = heard.and_alone(now), alone + 1
    rest = waiting[alone:]
    if not rest:
        return Move(alone)
    at = _due(heard, rest)
    if at > now:
        return Move(alone, at=at)
    return Move(alone + 1) if len(rest) == 1 else Move(alone, together=True)


def _due(heard: Heard, waiting: Sequence[datetime]) -> datetime:
    due = min(max(waiting) + QUIET, min(waiting) + GATHERED)
    if heard.alone_within(LONG, min(waiting)) >= MANY:
        due = max(due, max(heard.alone) + APART)
    if storm := [moment for moment in heard.together if moment > min(waiting) - STORM]:
        due = max(due, max(storm) + min(APART * 2 ** max(0, len(storm) - LISTS), FURTHEST))
    return due
