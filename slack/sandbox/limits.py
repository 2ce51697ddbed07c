"""Rate limits as Slack documents them: tiers of methods, and about one message a second for each channel."""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .errors import HttpFailure


@dataclass(frozen=True)
class Limits:
    """`tiers`: calls a minute for each tier of methods. `messages`: messages a second into one channel."""

    tiers: Mapping[int, int] = field(default_factory=lambda: {1: 1, 2: 20, 3: 50, 4: 100})
    messages: float = 1.0
    message_burst: int = 10


class Buckets:
    """Token buckets by key: full at first, refilled steadily; an empty one says when to come again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, *, capacity: float, per_second: float) -> None:
        """Take one. Raises HttpFailure 429 with `Retry-After`."""
        with self._lock:
            now = self._clock()
            level, since = self._levels.get(key, (capacity, now))
            level = min(capacity, level + (now - since) * per_second)
            if level >= 1:
                self._levels[key] = (level - 1, now)
                return
            self._levels[key] = (level, now)
        raise HttpFailure(429, "ratelimited", max(1, math.ceil((1 - level) / per_second)))
