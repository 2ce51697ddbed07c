"""Waking a worker sooner. Only a convenience: the sweep makes the same progress when the broker is gone."""

from __future__ import annotations

from functools import partial

import structlog
from celery import current_app
from django.db import connection, transaction

log = structlog.get_logger(__name__)


def nudge(task: str, *args: object) -> None:
    """Ask a worker, when this transaction has committed, to run the task of this name: once, however often asked."""
    asked = (getattr(entry[1], "args", None) for entry in connection.run_on_commit)
    if (task, *args) not in asked:
        transaction.on_commit(partial(_send, task, *args), robust=True)


def _send(task: str, *args: object) -> None:
    try:
        # declare=[]: the queues are there; declaring them again takes locks in pgmq
        current_app.send_task(task, args=args, retry=False, declare=[])
    except Exception as error:  # noqa: BLE001 - whatever a broker raises, the sweep does the work
        log.warning("broker_unreachable", task=task, error=str(error))
