"""A small real HTTP receiver for what Andon sends out, which answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.serving import Quiet, serving


class Receiver:
    """Keeps what it received, and where. `answers` are (status, headers) used up in turn; afterwards it says 200.

    It `says` the body of each answer, and answers only while it is `awake`.
    """

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.url = ""
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.says = b""
        self.awake = threading.Event()
        self.awake.set()

    def forget(self) -> None:
        """Begin anew: what came and where."""
        for kept in (self.paths, self.received, self.heads, self.bodies):
            kept.clear()


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.paths.append(self.path)
            receiver.received.append(json.loads(body))
            receiver.heads.append({name.lower(): value for name, value in self.headers.items()})
            receiver.bodies.append(body)
            self._answer()

        def do_GET(self) -> None:
            receiver.paths.append(self.path)
            self._answer()

        def _answer(self) -> None:
            receiver.awake.wait(30)
            status, headers = receiver.answers.pop(0) if receiver.answers else (200, {})
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(receiver.says))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.says)

    with serving(Handler) as receiver.url:
        try:
            yield receiver
        finally:
            receiver.awake.set()
