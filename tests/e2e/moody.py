"""A real receiver in changing moods that notes every attempt from its beginning to its end.

Well it answers 200; else 429 with a pause to keep, 500, or nothing at all until the sender gives up.
"""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.serving import Quiet, serving

WELL, ASKS_TO_WAIT, FAILS, SILENT = 200, 429, 500, 0
MOODS = (WELL, ASKS_TO_WAIT, FAILS, SILENT)


@dataclass
class Attempt:
    """One request: which delivery, at which path, from when until when (monotonic seconds), and how it was answered."""

    key: str
    path: str
    body: dict[str, Any]
    began: float
    ended: float = float("inf")
    answer: int = SILENT


@dataclass
class Moody:
    """The receiver: set `mood`; read `attempts`."""

    url: str = ""
    mood: int = WELL
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def taken(self) -> list[Attempt]:
        """Those that were answered 200: what somebody has got."""
        return [attempt for attempt in self.attempts if attempt.answer == WELL]

    def at_the_same_time(self) -> list[tuple[Attempt, Attempt]]:
        """Pairs of attempts of one delivery of which the second began before the first had ended."""
        pairs = []
        last: dict[str, Attempt] = {}
        for attempt in sorted(self.attempts, key=lambda attempt: attempt.began):
            before = last.get(attempt.key)
            if before and attempt.began < before.ended:
                pairs.append((before, attempt))
            if not before or attempt.ended > before.ended:
                last[attempt.key] = attempt
        return pairs


@contextmanager
def moody_receiver() -> Iterator[Moody]:
    """Listens on a free port of loopback."""
    moody = Moody()

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            attempt = Attempt(body["id"], self.path, body, time.monotonic())
            moody.attempts.append(attempt)
            mood = moody.mood
            if mood == SILENT:
                _until_given_up(self.connection)
                self.close_connection = True
            else:
                attempt.answer = mood
                self.send_response(mood)
                self.send_header("Content-Length", "0")
                if mood == ASKS_TO_WAIT:
                    self.send_header("Retry-After", "1")
                self.end_headers()
            attempt.ended = time.monotonic()

    with serving(Handler) as moody.url:
        yield moody


def _until_given_up(connection: socket.socket) -> None:
    """Wait until the other side has closed, or died."""
    while not select.select([connection], [], [], 30)[0]:
        continue
    try:
        connection.recv(1)
    except ConnectionError:
        return
