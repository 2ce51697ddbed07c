"""A whole Andon, started as bin/up starts it, in a folder of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LONGEST_START = 120
OPERATOR = "operator@example.com"
WHAT_WAITS = """
from django.db import connection
from notifications.health import overdue, sweeper_age
print(overdue(), sweeper_age())
cursor = connection.cursor()
cursor.execute('''SELECT now() - xact_start, state, wait_event_type, wait_event, left(query, 150)
    FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' ORDER BY 1 DESC NULLS LAST LIMIT 12''')
print(*cursor.fetchall(), sep=chr(10))
"""


@dataclass
class Andon:
    """Where it answers, whose token it accepts, and how long it took to start."""

    url: str
    data: Path
    started_in: float
    token: str = ""
    supervisor: int = 0

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call to the API; returns the parsed answer."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers,
        )
        return json.loads(send(request))

    def manage(self, *arguments: str) -> str:
        """A management command beside the running server; returns what it printed."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"ANDON_ENV": "development", "ANDON_DATA_DIR": str(self.data)}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout

    def token_of(self, email: str) -> str:
        """A new API token; the person is made, an administrator, where there is none."""
        return self.manage("create_token", email, "--create").strip().splitlines()[-1]


def send(request: urllib.request.Request) -> bytes:
    """The body of the answer; an answer of 400 and above fails with what it said."""
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{error.code} for {request.method} {request.full_url}: {error.read().decode()}") from None


@contextmanager
def andon(data: Path, *options: str, **environment: str) -> Iterator[Andon]:
    """Start it with these options of bin/up, wait until it answers, stop it."""
    port = free_port()
    command = [sys.executable, "-m", "config.supervisor", "--data", str(data), "--port", str(port), *options]
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=given | {"ANDON_ENV": "development"} | environment, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/accounts/login/", process)
        running = Andon(url, data, time.perf_counter() - began, supervisor=process.pid)
        wait_for(f"{url}/health/ready", process)
        running.token = running.token_of(OPERATOR)
        yield running
    except Exception:
        sys.stderr.write(_state_of(data))
        raise
    finally:
        process.terminate()
        process.wait(60)


def _state_of(data: Path) -> str:
    """The ends of its logs, and what its database is at: what a test that failed wants to know."""
    logs = [f"--- {log.name}\n{_end_of(log)}" for log in sorted((data / "log").glob("*.log"))]
    return "\n".join([*logs, "--- what waits", _what_waits(data)])


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-12:]
    return "\n".join(line[:300] for line in lines)


def _what_waits(data: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"ANDON_ENV": "development", "ANDON_DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", WHAT_WAITS]
    try:
        asked = subprocess.run(
            command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=20
        )
    except subprocess.TimeoutExpired:
        return "the database does not answer"
    return asked.stdout + asked.stderr[-1000:]


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers 200; gives up when the process ends or after `LONGEST_START` seconds."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{url} does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
