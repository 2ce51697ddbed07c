"""`manage.py practice_slack`: the practice workspace as a process."""

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "practice_slack", *arguments],
        cwd=ROOT,
        text=True,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.processes
def test_it_runs_with_its_people_until_it_is_stopped(tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text(json.dumps([{"id": "U0CY", "name": "Cy Field", "email": "cy@example.com"}]))
    process = command("--port", "0", "--token", "xoxb-mine", "--users", str(users))
    assert process.stdout
    url = process.stdout.readline().strip().removeprefix("Practice workspace: ")
    asked = urllib.request.Request(
        f"{url}/api/users.lookupByEmail?email=cy@example.com", headers={"Authorization": "Bearer xoxb-mine"}
    )
    with urllib.request.urlopen(asked, timeout=5) as response:
        assert json.load(response)["user"]["id"] == "U0CY"
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.processes
def test_it_refuses_to_run_in_production(tmp_path: Path) -> None:
    process = command(
        ANDON_ENV="production",
        ANDON_SECRET_KEY=secrets.token_urlsafe(50),
        ANDON_ALLOWED_HOSTS="andon.example",
        ANDON_BASE_URL="https://andon.example",
        ANDON_DATA_DIR=str(tmp_path),
    )
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert errors == (
        "CommandError: practice_slack does not run under ANDON_ENV=production: it is for demo and tests.\n"
    )


@pytest.mark.processes
def test_a_bad_file_of_people_is_named(tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text('[{"name": "Cy"}]')
    _, errors = command("--port", "0", "--users", str(users)).communicate(timeout=30)
    assert errors == f"CommandError: --users {users}: expected a list of objects with id, name and email.\n"
