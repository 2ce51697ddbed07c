"""All of Andon under its supervisor, as `bin/up` runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import Postgres
from tests.cluster import IGNORED

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120  # on a machine that does many other things
pytestmark = pytest.mark.processes


class Up:
    """A supervisor on a free port with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data, self.database, self.output = data, Postgres(data), data.with_suffix(".output")
        self.process: subprocess.Popen[str] | None = None

    def start(self, *options: str, **variables: str) -> None:
        command = [sys.executable, "-m", "config.supervisor", "--port", str(self.port), "--data", str(self.data)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(IGNORED)}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [*command, *options],
                cwd=ROOT,
                env=environment | variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def said(self) -> str:
        """Everything that it said, once it has ended."""
        self.process.wait(timeout=PATIENCE_SECONDS)
        return self.output.read_text()

    def wait_until_it_says(self, words: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while words not in self.output.read_text():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, f"it never said {words!r}"

    def answers(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_for(self, path: str, status: int) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while self.answers(path) != status:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, f"{path} never answered {status}"

    def postmaster(self) -> int | None:
        return self.database._postmaster()


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path / "a folder")
    yield started
    if started.process is not None:
        started.process.kill()
        started.process.wait()
    started.database.stop()


def test_it_answers_heals_and_leaves_nothing_behind(up: Up) -> None:
    up.start()
    up.wait_for("/health/live", 200)
    up.wait_for("/health/ready", 200)
    up.wait_until_it_says("Andon answers at")

    killed = up.postmaster()
    os.kill(killed, signal.SIGKILL)
    while up.postmaster() in (None, killed):
        pass
    up.wait_for("/health/ready", 200)

    up.process.send_signal(signal.SIGTERM)
    assert "Stopping" in up.said()
    assert up.process.returncode == 0
    assert up.postmaster() is None
    assert up.answers("/health/live") == 0


def test_killed_it_takes_its_children_along_and_its_database_is_adopted(up: Up) -> None:
    up.start("--no-worker")
    up.wait_for("/health/live", 200)
    survivor = up.postmaster()
    up.process.kill()
    while up.answers("/health/live"):
        pass
    assert up.postmaster() == survivor

    up.start("--no-worker")
    up.wait_for("/health/live", 200)
    assert up.postmaster() == survivor


def test_a_busy_port_is_named_in_one_line_and_nothing_is_started(up: Up) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", up.port))
        busy.listen()
        up.start()
        line = up.said()
    assert str(up.port) in line
    assert len(line.splitlines()) == 1
    assert up.process.returncode == 1
    assert not up.data.exists()


def test_a_data_folder_that_cannot_be_made_is_named_in_one_line(up: Up) -> None:
    up.data.write_text("in the way")
    up.start()
    line = up.said()
    assert str(up.data) in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("PROMETHEUS_URL", "metrics"), ("DATABASE_URL", "postgres://andon:hush@127.0.0.1:1/andon")],
    ids=["malformed", "nobody answers"],
)
def test_a_variable_that_cannot_be_used_is_named_in_one_line_and_nothing_is_started(
    up: Up, name: str, value: str
) -> None:
    up.start(**{name: value})
    line = up.said()
    assert name in line
    assert "hush" not in line
    assert len(line.splitlines()) == 1
    assert up.postmaster() is None
