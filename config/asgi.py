"""What uvicorn serves: `/live` natively, everything else by Django in WSGI threads.

Django under ASGI halved the throughput of pages when measured, hence the threads.
"""

import asyncio
import signal
import threading
from types import FrameType
from typing import Any

from a2wsgi import WSGIMiddleware
from django.db import connections

from config import environment
from config.bodies import heard_out, measured
from config.live import Hub, Receive, Scope, Send
from config.wsgi import application as django

THREADS = 8
pages = WSGIMiddleware(django, workers=THREADS)  # type: ignore[arg-type]
hub = Hub(lambda: environment.conninfo(connections["default"].settings_dict))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live":
        await hub.serve(scope, receive, send)
    else:
        scope, receive = await measured(scope, receive)
        receive, send = heard_out(scope, receive, send)
        await pages(scope, receive, send)  # type: ignore[arg-type]


async def _lifespan(receive: Receive, send: Send) -> None:
    await receive()
    hub.open()
    _close_streams_on_signals()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    hub.close()
    pages.executor.shutdown(wait=False)
    await send({"type": "lifespan.shutdown.complete"})


def _close_streams_on_signals() -> None:
    """End the streams when told to stop: uvicorn waits for them before it speaks of it by lifespan."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def chain(number: signal.Signals) -> None:
        before: Any = signal.getsignal(number)

        def handle(signum: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(before):
                before(signum, frame)

        signal.signal(number, handle)

    chain(signal.SIGTERM)
    chain(signal.SIGINT)
