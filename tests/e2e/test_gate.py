"""`bin/gate` as a pipeline runs it, against a whole Andon: what it says by its exit code, and to whom it listens."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.running import ROOT, free_port

pytestmark = pytest.mark.processes
REVISION = "4f2a1c9d0e8b7a6f5c4d3e2f1a0b9c8d7e6f5a4b"


@pytest.fixture(scope="module")
def shop(andon):
    """A service with a team on each side, somebody in both, and one template."""
    tokens = {}
    for name in ("dev", "ops"):
        tokens[name] = andon.token_of(f"{name}@gate.example.com")
        team = {
            "slug": f"gate-{name}",
            "name": name.title(),
            "discipline": name,
            "members": [f"{name}@gate.example.com"],
        }
        andon.call("POST", "teams/", team)
    andon.call("POST", "services/", {"slug": "till", "name": "Till", "dev_team": "gate-dev", "ops_team": "gate-ops"})
    template = {"name": "Till's notices", "owner": "gate-ops", "service": "till", "paths": ["notices/**"]}
    andon.call("POST", "gate/templates/", template)
    return tokens


def gate(andon, token, *arguments, **environment):
    """Run it with nothing but what a pipeline has; its exit code and all that it said."""
    given = {"PATH": os.environ["PATH"], "ANDON_URL": andon.url if andon else "", "ANDON_TOKEN": token}
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "bin" / "gate"), *arguments],
        env=given | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def waiting(andon):
    return andon.call("GET", "gate/checks?decision=awaiting&service=till")["results"]


def authorise(andon, token, revision, until=60):
    """What somebody of the other side does when they see it."""
    deadline = time.monotonic() + until
    while time.monotonic() < deadline:
        for check in waiting(andon):
            if check["revision"] == revision:
                andon.call("POST", f"gate/checks/{check['id']}/authorise/", {}, Authorization=f"Bearer {token}")
                return
        time.sleep(0.1)
    raise AssertionError("nothing awaits authorisation")


def test_a_change_that_is_authorised_beforehand_passes(andon, shop):
    code, said = gate(andon, shop["dev"], "till", REVISION, "--path", "notices/today.txt")
    assert code == 0, said
    assert "template “Till's notices” authorises it beforehand" in said


def test_another_waits_until_the_other_side_authorises_it(andon, shop):
    code, said = gate(andon, shop["dev"], "till", REVISION)
    assert code == 3, said
    assert "it takes an authorisation by Ops (Ops)" in said
    assert f"{andon.url}/changes/gate/" in said
    authorise(andon, shop["ops"], REVISION)
    code, said = gate(andon, shop["dev"], "till", REVISION[:12])
    assert code == 0, said
    assert "It was authorised by" in said


def test_while_it_waits_it_hears_of_the_authorisation_by_itself(andon, shop):
    somebody = threading.Thread(target=authorise, args=(andon, shop["ops"], "while-waiting"))
    somebody.start()
    code, said = gate(andon, shop["dev"], "till", "while-waiting", "--wait", "60")
    somebody.join()
    assert code == 0, said
    assert "AWAITING" in said


def test_in_a_freeze_only_a_rollback_passes(andon, shop):
    now = datetime.now(UTC)
    end = (now + timedelta(hours=1)).isoformat()
    freeze = {"name": "Stocktaking", "services": ["till"], "start": now.isoformat(), "end": end}
    made = andon.call("POST", "gate/freezes/", freeze)
    try:
        code, said = gate(andon, shop["dev"], "till", "other", "--wait", "30")
        assert code == 1, said
        assert "Freeze “Stocktaking” holds until" in said
        assert gate(andon, shop["dev"], "till", "other", "--rollback")[0] == 0
    finally:
        andon.call("PATCH", f"gate/freezes/{made['id']}/", {"end": (now + timedelta(seconds=1)).isoformat()})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope", REVISION), "There is no service “nope”"),
        (("till",), "No revision is named"),
        (("till", REVISION, "--incident", "987654"), "There is no incident 987654"),
        (("till", REVISION, "--kind", "party"), "“party” is no kind of change"),
        ((), "the following arguments are required"),
    ],
)
def test_what_cannot_be_understood_is_said(andon, shop, arguments, said):
    code, told = gate(andon, shop["dev"], *arguments)
    assert (code, said in told) == (2, True), told


def test_a_token_that_is_none_is_said(andon):
    assert gate(andon, "0" * 64, "till", REVISION)[0] == 2
    assert gate(andon, "", "till", REVISION)[0] == 2
    assert gate(None, "x", "till", REVISION)[0] == 2


def test_where_nobody_answers_the_environment_decides(andon):
    nowhere = ("--url", f"http://127.0.0.1:{free_port()}", "--patience", "0")
    code, said = gate(andon, "x", "till", REVISION, *nowhere, ANDON_GATE_FAIL_OPEN="staging,test")
    assert code == 4, said
    code, said = gate(andon, "x", "till", REVISION, *nowhere, "--env", "staging", ANDON_GATE_FAIL_OPEN="staging,test")
    assert (code, "WARNING: NOBODY WAS ASKED" in said) == (0, True)
    assert gate(andon, "x", "till", REVISION, *nowhere, "--fail-open", "*", "--fail-closed")[0] == 4


def test_it_says_who_asks_and_from_where(andon, shop):
    pipeline = {
        "GITHUB_ACTOR": "dev", "GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "acme/till",
        "GITHUB_SERVER_URL": "https://git.example.com",
    }  # fmt: skip
    gate(andon, andon.token, "till", "by-github", **pipeline)
    [check] = [one for one in waiting(andon) if one["revision"] == "by-github"]
    assert (check["actor"], check["pipeline_url"]) == ("dev", "https://git.example.com/acme/till/actions/runs/7")
    gate(andon, andon.token, "till", "by-jenkins", BUILD_USER_ID="dev", BUILD_URL="https://ci.example.com/9/")
    [check] = [one for one in waiting(andon) if one["revision"] == "by-jenkins"]
    assert (check["actor"], check["pipeline_url"]) == ("dev", "https://ci.example.com/9/")
