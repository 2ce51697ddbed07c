"""What was answered 2xx is not lost, whatever is killed."""

import os
import signal
import time

import pytest

from tests.e2e.scene import eventually, kill, open_incidents, processes, send_alert, staff
from tests.receiver import receiving
from tests.running import andon as running_andon

pytestmark = pytest.mark.processes


def test_pages_go_out_although_every_worker_is_killed_between_the_alert_and_the_page(andon, receiver):
    staff(andon, "mail", receiver.url)
    integration = andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Kills"})
    kill(andon, "pager", "worker")
    assert send_alert(integration, "mail")[0] == 202
    eventually(lambda: {"/dev", "/ops"} <= set(receiver.paths), "both pages")
    assert len(open_incidents(andon, "mail")) == 1
    eventually(lambda: all(processes(andon).values()), "new workers")


def test_after_everything_was_killed_nothing_accepted_is_missing(tmp_path):
    with receiving() as receiver:
        with running_andon(tmp_path / "var") as first:
            staff(first, "post", receiver.url)
            integration = first.call("POST", "integrations/", {"source": "alertmanager", "name": "Kills"})
            kill(first, "pager", "worker", "scheduler")
            assert send_alert(integration, "post")[0] == 202
            os.kill(first.supervisor, signal.SIGKILL)
            time.sleep(0.2)
        with running_andon(tmp_path / "var") as again:
            [incident] = eventually(lambda: open_incidents(again, "post"), "the incident")
            assert incident["services"] == ["post"]
            eventually(lambda: {"/dev", "/ops"} <= set(receiver.paths), "both pages")
