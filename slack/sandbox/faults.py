"""Faults one switches on: the next calls of a method fail, or take their time."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .errors import HttpFailure, Json, SlackError


@dataclass(frozen=True)
class Call:
    """One call that reached the API: method, arguments (without the token), time (epoch seconds), outcome."""

    method: str
    args: Json
    at: float
    outcome: str


@dataclass(frozen=True)
class Fault:
    error: str = "internal_error"
    status: int = 200
    retry_after: int | None = None
    seconds: float = 0.0

    def strike(self, stopping: threading.Event) -> None:
        if self.seconds:
            stopping.wait(self.seconds)
        elif self.status != 200:
            raise HttpFailure(self.status, self.error, self.retry_after)
        else:
            raise SlackError(self.error)


@dataclass
class Faults:
    """Faults waiting by method; each is used up by one call."""

    waiting: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    lock: Any = field(default_factory=threading.Lock)

    def add(self, method: str, fault: Fault, times: int) -> None:
        with self.lock:
            self.waiting[method] += [fault] * times

    def take(self, method: str) -> Fault | None:
        with self.lock:
            return self.waiting[method].pop(0) if self.waiting[method] else None

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()
