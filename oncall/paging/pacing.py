"""How fast one person is told by one method: pages that come one by one at once, those of a storm in a few messages.

Pure: moments in, a decision out. After each message there is a pause before the next. It is short while little was told
within `LATELY`, and grows with the pages and with the messages of that time; what comes meanwhile is told together in
the next message. So nobody waits long for the first pages of a storm, and nobody gets a message for each of its pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LATELY = timedelta(minutes=5)
PAUSES = (
    (3, timedelta()),
    (10, timedelta(seconds=2)),
    (30, timedelta(seconds=3)),
    (60, timedelta(seconds=8)),
    (120, timedelta(seconds=20)),
)
"""Up to how many pages, the next one counted, which pause."""
AFTER_HUNDREDS = timedelta(minutes=1)
MESSAGES, AFTER_MESSAGES = 45, timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Message:
    """One message somebody was sent, and of how many pages it told."""

    at: datetime
    pages: int = 1


Heard = tuple[Message, ...]
"""What one person was told by one method, in any order."""


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now with what waits, the oldest first: tell `alone` of them one by one; the rest in one message, if
    `together`, else not before `at` (None where nothing is left)."""

    alone: int
    together: bool = False
    at: datetime | None = None


def free_at(heard: Heard, at: datetime) -> datetime:
    """When the next page may be told, as things stand at `at`."""
    lately = _lately(heard, at)
    return max((message.at for message in lately), default=at) + _pause(lately)


def move(heard: Heard, waiting: int, now: datetime) -> Move:
    """What to do at `now` with so many pages that wait."""
    alone = 0
    while waiting and not _pause(_lately(heard, now)):
        heard, alone, waiting = (*heard, Message(now)), alone + 1, waiting - 1
    if not waiting:
        return Move(alone)
    at = free_at(heard, now)
    if at > now:
        return Move(alone, at=at)
    return Move(alone + 1) if waiting == 1 else Move(alone, together=True)


def _lately(heard: Heard, at: datetime) -> list[Message]:
    return [message for message in heard if at - LATELY < message.at <= at]


def _pause(lately: Sequence[Message]) -> timedelta:
    """The pause after the last of these messages."""
    if len(lately) >= MESSAGES:
        return AFTER_MESSAGES
    pages = sum(message.pages for message in lately) + 1
    return next((pause for most, pause in PAUSES if pages <= most), AFTER_HUNDREDS)
