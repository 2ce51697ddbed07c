"""Bodies that come in chunks, without a word on how long they are. WSGI reads only what has a length, so they are
gathered first; otherwise Django would take them for empty.
"""

from __future__ import annotations

from typing import Any

from config.live import Receive, Scope

LARGEST = 27 * 1024 * 1024  # what is longer is cut here, just above what any address takes: it answers 413


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
