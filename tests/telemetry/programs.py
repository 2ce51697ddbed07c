"""Real programs for tests: started on free ports of this machine, ended by their own process."""

import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager

import pytest

PATIENCE = 30.0  # seconds


def program(name):
    """Its path, or the test is skipped (tests/conftest.py makes that a failure in CI)."""
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what):
    """Ask again and again until `condition()` is true; its answer."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {PATIENCE:g} s")
        time.sleep(0.05)
    return answer


@contextmanager
def running(command, folder, ready_url):
    """The program, from when it says at `ready_url` that it is ready. What it says is in `folder`/log."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(lambda: process.poll() is not None or _answers(ready_url), f"{command[0]} at {ready_url}")
            assert process.poll() is None, (folder / "log").read_text()
            yield process
        finally:
            process.terminate()
            process.wait(10)


def _answers(url):
    try:
        urllib.request.urlopen(url, timeout=1).close()
    except OSError:
        return False
    return True
