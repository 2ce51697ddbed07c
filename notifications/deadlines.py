"""An end to waiting for the head of an answer, however slowly its bytes drip in.

httpx counts its timeout anew with every byte that comes. Here the connection is cut when the time is up.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


@contextmanager
def head_in_time(request: httpx.Request) -> Iterator[None]:
    """Raises httpx.ReadTimeout where what is done within takes longer than the request's own read timeout."""
    seconds = request.extensions.get("timeout", {}).get("read")
    if seconds is None:
        yield
        return
    cut = _Cut(seconds)
    request.extensions = {**request.extensions, "trace": cut.trace}
    try:
        yield
    except httpx.TransportError as error:
        if cut.done and not isinstance(error, httpx.ConnectError | httpx.TimeoutException):
            raise httpx.ReadTimeout("its answer drips", request=request) from error
        raise
    finally:
        cut.timer.cancel()


class _Cut:
    """Shuts the connection that `trace` was told of, when the time is up."""

    def __init__(self, seconds: float) -> None:
        self.done = False
        self._stream: Any = None
        self.timer = threading.Timer(seconds, self._shut)
        self.timer.daemon = True
        self.timer.start()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _CONNECTED:
            self._stream = info["return_value"]

    def _shut(self) -> None:
        self.done = True
        connected = self._stream.get_extra_info("socket") if self._stream else None
        if connected is not None:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself
