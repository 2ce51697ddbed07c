"""`manage.py run_scheduler`: does by itself, again and again, what `settings.SWEEPS` names."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Do what is due, sweep by sweep, needing nothing but PostgreSQL. Ends cleanly on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        sweeps = [
            threading.Thread(target=_repeat, args=(stopping, import_string(path), arguments, pause), name=path)
            for path, arguments, pause in import_string(settings.SWEEPS)
        ]
        for sweep in sweeps:
            sweep.start()
        for sweep in sweeps:
            sweep.join()


def _repeat(stopping: threading.Event, sweep: Callable[..., Any], arguments: tuple[str, ...], pause: float) -> None:
    """Run a sweep, wait, run it again. Each has a thread, so that a slow one holds up no other."""
    while not stopping.is_set():
        close_old_connections()
        try:
            sweep(*arguments)
        except Exception:
            log.exception("sweep_failed", sweep=f"{sweep.__module__}.{sweep.__name__}", arguments=arguments)
        stopping.wait(pause)
    close_old_connections()
