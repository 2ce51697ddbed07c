"""A small load generator: threads with a connection each, to loopback, for a counted number of requests."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers


@dataclass(frozen=True)
class Run:
    """What came of a run: seconds each request took, how long all took, and how many were not 2xx."""

    latencies: list[float]
    seconds: float
    failed: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Seconds."""
        return percentile(self.latencies, percent)


def percentile(values: list[float], percent: int) -> float:
    """By linear interpolation between the two nearest of at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def fire(url: str, make: Callable[[int], Request], *, count: int, connections: int) -> Run:
    """Send `make(0)` … `make(count - 1)` over so many connections, each as fast as it is answered."""
    latencies: list[float] = []
    failed = 0
    numbers = iter(range(count))
    lock = threading.Lock()

    def work() -> None:
        nonlocal failed
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        for number in _shared(numbers, lock):
            method, path, body, headers = make(number)
            began = time.perf_counter()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - began
            with lock:
                latencies.append(took)
                failed += not 200 <= answer.status < 300
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Run(latencies, time.perf_counter() - began, failed)


def _shared(numbers: Iterator[int], lock: threading.Lock) -> Iterator[int]:
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        yield number
