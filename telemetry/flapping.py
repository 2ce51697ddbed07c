"""When an alert flaps: it starts again and again, and each start would be news. No Django here.

One that fires and stays so is no flapping alert, however often it started before: who holds a flapping alert back must
let it go once it has fired steadily for some minutes, so that it is never lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Policy:
    """It flaps from its `starts`th start within `window` on."""

    starts: int = 4
    window: timedelta = timedelta(minutes=30)
    steady: timedelta = timedelta(minutes=5)

    @property
    def goes_on(self) -> int:
        """With so many starts within the window one that flaps still does: one less, so that it does not waver."""
        return max(2, self.starts - 1)


POLICY = Policy()


def flapping_since(starts: Iterable[datetime], policy: Policy = POLICY) -> datetime | None:
    """Since when an alert with these starts flaps at the last of them, None where it does not. Repeats do not count."""
    since: datetime | None = None
    recent: deque[datetime] = deque()
    for start in sorted(set(starts)):
        recent.append(start)
        while recent[0] <= start - policy.window:
            recent.popleft()
        needed = policy.goes_on if since else policy.starts
        since = (since or start) if len(recent) >= needed else None
    return since


def is_steady(start: datetime, now: datetime, policy: Policy = POLICY) -> bool:
    """Whether an alert that fires since `start` has fired long enough to be taken at its word."""
    return now - start >= policy.steady
