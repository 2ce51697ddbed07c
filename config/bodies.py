"""Bodies of requests, where WSGI alone would not do.

Those that come in chunks do not say how long they are. WSGI reads only what has a length, so they are gathered first;
otherwise Django would take them for empty. Those that are refused unread are taken in before the refusal goes out:
closing a connection on which somebody still sends resets it, and many clients then never see why.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

from config.live import Receive, Scope, Send

LARGEST = 27 * 1024 * 1024  # what is longer is cut here, just above what any address takes: it answers 413
PATIENCE = 10  # seconds that the rest of a refused body is waited for


async def measured(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The request as it is where its length is known, else with its body gathered and its length told."""
    names = {name for name, _ in scope["headers"]}
    if b"content-length" in names or b"transfer-encoding" not in names:
        return scope, receive
    body = bytearray()
    more = True
    while more and len(body) <= LARGEST:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
    whole: list[dict[str, Any]] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def receive_whole() -> dict[str, Any]:
        return whole.pop() if whole else dict(await receive())

    return {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}, receive_whole


def heard_out(scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
    """The two with which an answer begins only once the body has come, were it read or not.

    Who asks first whether to send it (`Expect: 100-continue`) is answered at once.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if b"expect" in headers or not length.isdigit() or not 0 < int(length) <= LARGEST:
        return receive, send
    more = True

    async def receive_some() -> MutableMapping[str, Any]:
        nonlocal more
        message = await receive()
        more = more and message.get("more_body", False)
        return message

    async def take_the_rest() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while more:
                    await receive_some()

    async def send_later(message: MutableMapping[str, Any]) -> None:
        if more and message["type"] == "http.response.start":
            await take_the_rest()
        await send(message)

    return receive_some, send_later
