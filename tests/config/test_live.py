"""Server-sent events: who may listen, what is told, and that streams end."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import time_machine
from django.core import signing
from django.db import connection, transaction

from config import environment
from config.live import Hub
from notifications import live


class Visitor:
    """An ASGI client that opens one stream and keeps what it is sent."""

    def __init__(self, hub: Hub, query: str, method: str = "GET") -> None:
        self.status, self.body = 0, b""
        self._left, self._news = asyncio.Event(), asyncio.Event()
        scope = {"type": "http", "method": method, "path": "/live", "query_string": query.encode()}
        self.visit = asyncio.create_task(hub.serve(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")
        self._news.set()

    def leave(self) -> None:
        self._left.set()

    async def until(self, words: bytes) -> None:
        async with asyncio.timeout(10):
            while words not in self.body:
                await self._news.wait()
                self._news.clear()


def with_hub(story: Callable[[Hub], Awaitable[None]]) -> None:
    async def tell() -> None:
        hub = Hub(lambda: environment.conninfo(connection.settings_dict))
        hub.open()
        try:
            await asyncio.wait_for(story(hub), 20)
        finally:
            hub.close()

    run(tell())


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: Playwright leaves an event loop behind in that of the tests."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


async def notify(*topics: str) -> None:
    opening = psycopg.AsyncConnection.connect(environment.conninfo(connection.settings_dict), autocommit=True)
    async with await opening as notifier:
        for topic in topics:
            await notifier.execute("SELECT pg_notify(%s, %s)", [live.CHANNEL, topic])


FOR_ANOTHER_USE = "t=" + signing.dumps("incident:1", salt="other")


@pytest.mark.parametrize("query", ["", "t=", "t=forged", FOR_ANOTHER_USE], ids=["none", "empty", "forged", "other use"])
def test_without_a_good_token_nobody_listens(query: str) -> None:
    async def story() -> None:
        visitor = Visitor(Hub(str), query)
        await visitor.visit
        assert visitor.status == 403

    run(story())


def test_an_old_token_is_refused() -> None:
    token = live.token("incident:1")
    assert live.topic_of(token) == "incident:1"
    with time_machine.travel(timedelta(seconds=live.TOKEN_SECONDS + 1)), pytest.raises(signing.SignatureExpired):
        live.topic_of(token)


def test_only_get_opens_a_stream() -> None:
    async def story() -> None:
        visitor = Visitor(Hub(str), "", method="POST")
        await visitor.visit
        assert visitor.status == 405

    run(story())


@pytest.mark.django_db(transaction=True)
def test_visitors_are_told_of_their_own_topic() -> None:
    async def story(hub: Hub) -> None:
        first, second = (Visitor(hub, f"t={live.token(topic)}") for topic in ("incident:1", "incident:2"))
        await first.until(b"retry")
        await second.until(b"retry")
        while b"incident:1" not in first.body:  # the hub may not be listening yet
            await notify("incident:1")
            await asyncio.sleep(0)
        assert b"event: changed\ndata: incident:1\n\n" in first.body
        assert b"incident:1" not in second.body

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_all_are_told_when_the_connection_comes_back() -> None:
    async def story(hub: Hub) -> None:
        visitor = Visitor(hub, f"t={live.token('incident:1')}")
        await visitor.until(b"incident:1")  # on connecting, for what may have been missed
        visitor.body = b""
        opening = psycopg.AsyncConnection.connect(environment.conninfo(connection.settings_dict), autocommit=True)
        async with await opening as killer:
            await killer.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        await visitor.until(b"incident:1")

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_when_the_visitor_leaves_or_the_server_stops() -> None:
    async def story(hub: Hub) -> None:
        leaving, staying = (Visitor(hub, f"t={live.token('incident:1')}") for _ in range(2))
        await leaving.until(b"retry")
        leaving.leave()
        await leaving.visit
        assert not staying.visit.done()
        hub.close()
        await staying.visit

    with_hub(story)


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_told_on_commit_and_not_after_a_rollback() -> None:
    with psycopg.connect(environment.conninfo(connection.settings_dict), autocommit=True) as listener:
        listener.execute(f"LISTEN {live.CHANNEL}")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            live.publish("incident:1")
            raise ZeroDivisionError
        with transaction.atomic():
            live.publish("incident:2")
        told = [notification.payload for notification in listener.notifies(timeout=5, stop_after=1)]
    assert told == ["incident:2"]
