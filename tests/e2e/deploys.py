"""Deploys told as GitHub tells them: signed, each step with a delivery id of its own."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Request = tuple[str, bytes, dict[str, str]]  # path, body, headers


def deploy(integration: dict[str, Any], repository: str, number: int) -> Request:
    """A deployment that succeeded just now, the same for the same number."""
    at = datetime.now(UTC).isoformat()
    revision = hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()
    deployment = {"id": number, "sha": revision, "environment": "production", "creator": {"login": "ana"}}
    status = {"state": "success", "created_at": at, "environment": "production"}
    told = {"deployment": deployment, "deployment_status": status, "repository": {"full_name": repository}}
    body = json.dumps(told).encode()
    signature = hmac.new(integration["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": "deployment_status", "X-GitHub-Delivery": f"delivery-{number}"}
    headers |= {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
    return urlsplit(integration["url"]).path, body, headers


@dataclass
class Offered:
    """What came of requests offered at a steady rate: seconds until each answer, and the answers by number."""

    latencies: list[float] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def p99(self) -> float:
        """Seconds."""
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[98]

    @property
    def accepted(self) -> set[int]:
        """The numbers of those that were answered 2xx."""
        return {number for number, status in self.answers.items() if 200 <= status < 300}

    @property
    def statuses(self) -> Counter[int]:
        return Counter(self.answers.values())


def offer(url: str, make: Callable[[int], Request], *, rate: float, count: int, senders: int) -> Offered:
    """Send `make(0)` … `make(count - 1)`, the next one every 1/`rate` seconds whether or not the last was answered.

    A latency counts from the instant at which the request was due, so that a server that stalls cannot hide it.
    """
    offered, lock = Offered(), threading.Lock()
    numbers = itertools.count()
    began = time.perf_counter()

    def work() -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        while (number := next(numbers)) < count:
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status = _send(connection, make(number))
            with lock:
                offered.latencies.append(time.perf_counter() - due)
                offered.answers[number] = status
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    offered.seconds = time.perf_counter() - began
    return offered


def _send(connection: http.client.HTTPConnection, request: Request) -> int:
    """The status; 0 where no answer came."""
    path, body, headers = request
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return answer.status
