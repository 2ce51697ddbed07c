"""All of Andon on one machine: what `bin/up` runs once everything is installed.

Starts the embedded PostgreSQL (unless DATABASE_URL names another), prepares the database, and keeps two web
processes, two workers and the scheduler alive until Ctrl-C or SIGTERM. PostgreSQL is looked after too: one
that was killed comes back, one that outlived a killed supervisor is adopted.
"""

import fcntl
import importlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import Namespace
from pathlib import Path
from types import FrameType
from typing import IO

from config import options as command_line
from config.children import Child, stop
from config.embedded import EmbeddedError, Postgres

TICK_SECONDS = 0.2
ENSURE_SECONDS = 2  # how often PostgreSQL is asked whether it answers
WEB_PROCESSES = 2
QUEUES = {"pager": "pages", "worker": "intake,default"}  # paging waits for nothing else
GIVES_WAY = {"worker": 10, "scheduler": 5}  # niceness: what was accepted may wait a moment, whoever sends it may not
WORKER = "worker --pool threads --concurrency 6 --without-gossip --without-mingle --without-heartbeat"
REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}  # noqa: S104 — how to ask whom we listen as


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    supervisor = Supervisor(command_line.parse())
    try:
        supervisor.run()
    except Stopped:
        pass
    except EmbeddedError as error:
        raise SystemExit(f"andon: {error}") from None
    finally:
        supervisor.stop()


class Supervisor:
    def __init__(self, options: Namespace) -> None:
        self.options, self.data = options, Path(options.data)
        self.children: list[Child] = []
        self.database = None if os.environ.get("DATABASE_URL") else Postgres(self.data)
        self.url = f"http://{REACHABLE.get(options.host, options.host)}:{options.port}"
        self._lock: IO[str] | None = None
        self._next_ensure = 0.0

    def run(self) -> None:
        """Start everything and look after it. Returns never; raises Stopped, EmbeddedError or SystemExit."""
        began = time.monotonic()
        listening = command_line.listen(self.options.host, self.options.port)
        self._claim()
        self._set_environment()
        importlib.import_module("config.settings")  # a malformed variable ends the start here, with its line
        if self.database:
            if not self.database.cluster.exists():
                say(f"Creating the database in {self.data} …")
            self.database.ensure()
        sign_in = self._prepare()
        self._make_children(listening)
        self._tend_until_it_answers()
        say(f"Andon answers at {self.url} after {time.monotonic() - began:.1f} s.")
        say(f"Logs are in {self.data / 'log'}.")
        if practice := os.environ.get("SLACK_PRACTICE_URL"):
            say(f"The practice Slack workspace is at {practice}")
        if sign_in:
            say(sign_in)
        say("Ctrl-C stops it.")
        while True:
            self._tend()

    def stop(self) -> None:
        """Stop what was started, the database last. A second Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self._lock is None:
            return
        if self.children:
            say("Stopping …")
        stop(self.children)
        if self.database:
            try:
                self.database.stop()
            except EmbeddedError as error:
                say(f"andon: {error}")

    def _claim(self) -> None:
        """One supervisor for one data folder."""
        path = self.data / "up.lock"
        try:
            (self.data / "log").mkdir(parents=True, exist_ok=True)
            lock = path.open("a+")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"andon: already running in {self.data}. Stop it, or choose another folder with --data."
            ) from None
        except OSError as error:
            raise SystemExit(
                f"andon: cannot use {error.filename or path}: {error.strerror}. Choose another folder with --data."
            ) from None
        self._lock = lock

    def _set_environment(self) -> None:
        """What the children, and `manage.py` in them, find out about where they are."""
        metrics = self.data / "metrics"  # where the web processes add up their figures for /metrics
        metrics.mkdir(exist_ok=True)
        for old in metrics.glob("*.db"):
            old.unlink()
        os.environ["ANDON_DATA_DIR"] = str(self.data)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
        os.environ.setdefault("ANDON_BASE_URL", self.url)
        if self.options.demo:
            practice = f"http://127.0.0.1:{_free_port(self.options.port + 1)}"
            os.environ["SLACK_PRACTICE_URL"] = practice
            os.environ["SLACK_API_URL"] = f"{practice}/api/"
            os.environ["SLACK_BOT_TOKEN"] = f"xoxb-practice-{secrets.token_hex(16)}"
            os.environ["SLACK_SIGNING_SECRET"] = secrets.token_hex(16)

    def _prepare(self) -> str:
        """Migrate and so on; returns how to sign in, where that is to be shown."""
        command = [sys.executable, "-m", "config.prepare", *(["--demo"] if self.options.demo else [])]
        prepared = subprocess.run(  # noqa: S603
            command, stdout=subprocess.PIPE, text=True, check=False, start_new_session=True
        )
        if prepared.returncode:
            raise SystemExit(prepared.returncode)
        return prepared.stdout.strip()

    def _make_children(self, listening: socket.socket) -> None:
        fd, python, logs = listening.fileno(), sys.executable, self.data / "log"
        for number in range(1, WEB_PROCESSES + 1):
            command = [python, "-m", "config.web", str(fd)]
            self.children.append(Child(f"web{number}", command, logs, say, fds=[fd]))
        if self.options.worker:
            for name, queues in QUEUES.items():
                command = [
                    python,
                    "-m",
                    "celery",
                    "-A",
                    "config.celery",
                    *WORKER.split(),
                    "-Q",
                    queues,
                    "-n",
                    name,
                ]
                self.children.append(Child(name, command, logs, say, nice=GIVES_WAY.get(name, 0)))
            scheduler = [python, "manage.py", "run_scheduler"]
            self.children.append(Child("scheduler", scheduler, logs, say, nice=GIVES_WAY["scheduler"]))
        if self.options.demo:
            store = self.data / "practice-slack.json"
            command = [python, "manage.py", *_practice_slack(self.url), "--store", str(store)]
            self.children.append(Child("slack", command, logs, say))

    def _tend_until_it_answers(self) -> None:
        address = f"{self.url}/health/live"
        while True:
            self._tend()
            try:
                urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 — our own address
            except urllib.error.HTTPError as error:
                raise SystemExit(f"andon: {address} answers {error.code}. See {self.data / 'log'}.") from None
            except OSError:
                continue
            return

    def _tend(self) -> None:
        for child in self.children:
            child.tend()
        if self.database and time.monotonic() >= self._next_ensure:
            try:
                self.database.ensure()
            except EmbeddedError as error:
                say(f"andon: {error}")
            self._next_ensure = time.monotonic() + ENSURE_SECONDS
        time.sleep(TICK_SECONDS)


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 — the console is what this is for


def _practice_slack(andon: str) -> list[str]:
    port = os.environ["SLACK_PRACTICE_URL"].rpartition(":")[2]
    token, secret = os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_SIGNING_SECRET"]
    return ["practice_slack", "--port", port, "--token", token, "--signing-secret", secret, "--andon", andon]


def _free_port(wanted: int) -> int:
    """The wanted port where it is free, else any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except (OSError, OverflowError):
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped


if __name__ == "__main__":
    main()
