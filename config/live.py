"""`GET /live?t=TOKEN`: server-sent events, natively asynchronous.

Eight WSGI threads hang with thirty streams, so streams never enter Django's threads: each process keeps
one connection that LISTENs, and a set of readers that wait without a thread. A reader gets `event: changed`
with the topic as data; changes that come faster than they are read are told once. When the database went away
and came back, every reader is told, because what happened between is not known.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
import structlog
from django.core.signing import BadSignature

from notifications import live

HEARTBEAT_SECONDS = 15
RECONNECT_SECONDS = 1
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies: do not hold it back
]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = structlog.get_logger(__name__)


class Reader:
    """One open stream: what it has yet to be told, and whether it is over."""

    def __init__(self) -> None:
        self.pending: set[str] = set()
        self.over = False
        self._woken = asyncio.Event()

    def tell(self, topic: str) -> None:
        self.pending.add(topic)
        self._woken.set()

    def end(self) -> None:
        self.over = True
        self._woken.set()

    async def next(self) -> bytes:
        """The next piece of the stream: what changed, or a comment that keeps the connection open."""
        try:
            await asyncio.wait_for(self._woken.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return b": still here\n\n"
        topics, self.pending = self.pending, set()
        self._woken.clear()
        return "".join(f"event: changed\ndata: {topic}\n\n" for topic in sorted(topics)).encode()


class Hub:
    """All streams of this process over one LISTEN. `conninfo` gives the libpq string when it is needed."""

    def __init__(self, conninfo: Callable[[], str]) -> None:
        self._conninfo = conninfo
        self._readers: defaultdict[str, set[Reader]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._listening = asyncio.create_task(self._listen())

    def close(self) -> None:
        """End every stream and stop listening; from the event loop's thread."""
        if self._listening is not None:
            self._listening.cancel()
        for reader in {reader for readers in self._readers.values() for reader in readers}:
            reader.end()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: the stream, or 403 for a token that is missing, forged or old."""
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("t", [])
        try:
            topics = {live.topic_of(token) for token in tokens}
        except BadSignature:
            topics = set()
        if scope["method"] != "GET":
            await _refuse(send, 405, b"Only GET.\n")
        elif not topics:
            await _refuse(send, 403, b"The token in `t` is missing, forged or too old. Reload the page.\n")
        else:
            await self._stream(topics, receive, send)

    async def _stream(self, topics: set[str], receive: Receive, send: Send) -> None:
        reader = Reader()
        for topic in topics:
            self._readers[topic].add(reader)
        leaving = asyncio.create_task(_end_when_gone(reader, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
            while not reader.over:
                await send({"type": "http.response.body", "body": await reader.next(), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            leaving.cancel()
            for topic in topics:
                self._readers[topic].discard(reader)
                if not self._readers[topic]:
                    del self._readers[topic]

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except psycopg.Error as error:
                log.warning("live_reconnects", reason=str(error).strip().splitlines()[:1])
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        opening = psycopg.AsyncConnection.connect(self._conninfo(), autocommit=True, connect_timeout=5)
        async with await opening as connection:
            await connection.execute(f"LISTEN {live.CHANNEL}")
            for topic in list(self._readers):
                self._tell(topic)
            async for notification in connection.notifies():
                self._tell(notification.payload)

    def _tell(self, topic: str) -> None:
        for reader in self._readers.get(topic, ()):
            reader.tell(topic)


async def _end_when_gone(reader: Reader, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.end()


async def _refuse(send: Send, status: int, sentence: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
