"""The windows one can look at a service through: those that end now, and any other by its two ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.http import int_to_base36

from notifications.errors import InvalidInput

WINDOWS = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}
DEFAULT_WINDOW = "1h"
LONGEST = timedelta(days=31)
SHORTEST = timedelta(minutes=1)
SKEW = timedelta(minutes=1)  # what the clocks of a browser or a program may be ahead


@dataclass(frozen=True)
class Window:
    """From `since` to `until`, both aware. `name` is short and the same for the same window."""

    name: str
    since: datetime
    until: datetime

    @property
    def is_custom(self) -> bool:
        return self.name not in WINDOWS


def window_called(name: str) -> Window:
    """One of `WINDOWS`, that ends now. Raises InvalidInput for another name."""
    if name not in WINDOWS:
        raise InvalidInput(window=f"“{name[:40]}” is no window; use {', '.join(WINDOWS)}, or since and until.")
    now = timezone.now()
    return Window(name, now - WINDOWS[name], now)


def window_between(since: datetime | None, until: datetime | None) -> Window:
    """To the minute, at most 31 days long; `until` None: now. Raises InvalidInput by field."""
    now = timezone.now()
    if since is None:
        raise InvalidInput(since="Say from when on, or choose one of the windows.")
    until = until or now
    if until > now + SKEW:
        raise InvalidInput(until="This is in the future; nothing has been measured there. Give a time that is past.")
    since, until = since.replace(second=0, microsecond=0), min(until, now).replace(second=0, microsecond=0)
    if until - since < SHORTEST:
        raise InvalidInput(
            until="The end has to come at least a minute after the start; swap them, or widen the window."
        )
    if until - since > LONGEST:
        raise InvalidInput(
            since=f"This is a window of {(until - since).days} days; at most {LONGEST.days} can be seen."
        )
    name = "-".join(int_to_base36(int(end.timestamp()) // 60) for end in (since, until))
    return Window(name, since, until)
