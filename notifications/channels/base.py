"""What a channel is: it sends one message to one address, or says why not and whether to try again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class ChannelError(Exception):
    """A message was not taken. `permanent`: trying again cannot help. `retry_after`: seconds the channel asked for."""

    def __init__(self, reason: str, *, permanent: bool, retry_after: float | None = None) -> None:
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(reason)


class Channel(ABC):
    """A way out of the house."""

    @abstractmethod
    def send(self, address: str, message: dict[str, Any], *, key: str) -> dict[str, Any]:
        """Send and return the receipt. `key` is the same at every attempt, for receivers that deduplicate.

        `message` has `subject`, `text` and `url`; a channel looks for more under its own name.
        Takes at most `TIMEOUT` seconds. Raises ChannelError.
        """


TIMEOUT = 5.0  # less than a lease: what is being sent is never sent by another meanwhile, even with the database gone
