"""Waking a worker sooner. Only a convenience: the sweep makes the same progress when the broker is gone.

Whoever nudges never waits for the broker: a thread of the process rings for all of it, and rings for the same task once
in `PAUSE` seconds however many ask, because one run of a task finds all the work there is. A process that ends at once
may leave a ring undone, and the sweep does the work.
"""

from __future__ import annotations

import threading
import time
from functools import partial

import structlog
from celery import current_app
from django.db import connection, transaction

log = structlog.get_logger(__name__)

PAUSE = 0.1  # a storm of a thousand messages makes ten tasks a second, not a thousand
PAUSE_AFTER_FAILURE = 5.0  # a broker that cannot be reached is left alone so long


def nudge(task: str) -> None:
    """Ask a worker, when this transaction has committed, to run the task of this name: once, however often asked."""
    asked = (getattr(entry[1], "args", None) for entry in connection.run_on_commit)
    if (task,) not in asked:
        transaction.on_commit(partial(_bell.ring, task), robust=True)


class _Bell:
    """A thread that publishes tasks, and starts when it is first asked to (again in a child that was forked)."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._awake = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self, task: str) -> None:
        """Have the task published soon; returns at once."""
        self._asked.add(task)
        self._awake.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="nudge", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while self._awake.wait():
            self._awake.clear()
            time.sleep(PAUSE if self._publish() else PAUSE_AFTER_FAILURE)

    def _publish(self) -> bool:
        try:
            while self._asked:
                # declare=[]: the queues are there; declaring them again takes locks in pgmq
                current_app.send_task(self._asked.pop(), retry=False, declare=[])
        except Exception as error:  # noqa: BLE001 - whatever a broker raises, the sweep does the work
            self._asked.clear()
            log.warning("broker_unreachable", error=str(error))
            return False
        return True


_bell = _Bell()
