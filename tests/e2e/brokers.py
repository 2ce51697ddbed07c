"""Real message brokers for tests, on free ports of loopback, ended by their own process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running import free_port
from tests.telemetry.programs import PATIENCE, program

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's; the one on the PATH drops root's environment


@contextmanager
def redis(folder: Path, port: int = 0) -> Iterator[str]:
    """The URL of a Redis that keeps nothing. It is killed at the end, as a crash would."""
    port = port or free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with _running(command, folder, {}, port, stop=signal.SIGKILL):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """The URL of a RabbitMQ with a port mapper of its own."""
    program("rabbitmq-server")
    port, mapper = free_port(), free_port()
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(mapper),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"andon{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log.d"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
    }
    mapping = {"ERL_EPMD_PORT": str(mapper), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    with _running([program("epmd")], folder, mapping, mapper), _running([str(RABBITMQ)], folder, environment, port):
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


@contextmanager
def _running(
    command: list[str], folder: Path, environment: dict[str, str], port: int, stop: signal.Signals = signal.SIGTERM
) -> Iterator[None]:
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | environment, cwd=folder, stdout=out, stderr=out)
    try:
        _until(lambda: process.poll() is not None or _listens(port), f"{command[0]} on port {port}")
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.send_signal(stop)
        process.wait(30)


def _until(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 2 * PATIENCE
    while not condition():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
