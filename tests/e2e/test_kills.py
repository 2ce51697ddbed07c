"""What was answered 2xx is not lost, whatever is killed."""

import json
import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.scene import eventually, now, open_incidents, staff
from tests.receiver import receiving
from tests.running import andon as running_andon
from tests.running import send

pytestmark = pytest.mark.processes


def children(pid):
    """Processes that this one started, with the words of their command lines."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            words = (stat.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile
        if parent == pid:
            found[int(stat.parent.name)] = [word.decode() for word in words]
    return found


def kill(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def alert(integration, service, fingerprint):
    labels = {"alertname": "Down", "service": service, "severity": "critical"}
    alert = {"status": "firing", "labels": labels, "annotations": {}, "generatorURL": "", "fingerprint": fingerprint}
    alert |= {"startsAt": now(), "endsAt": "0001-01-01T00:00:00Z"}
    told = {"version": "4", "status": "firing", "receiver": "andon", "groupKey": service, "alerts": [alert]}
    headers = {"Authorization": f"Bearer {integration['secret']}", "Content-Type": "application/json"}
    send(urllib.request.Request(integration["url"], data=json.dumps(told).encode(), headers=headers))


def test_pages_go_out_although_every_worker_is_killed_between_the_alert_and_the_page(andon, receiver):
    staff(andon, "mail", receiver.url)
    integration = andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Kills"})
    workers = [pid for pid, words in children(andon.supervisor).items() if "celery" in words]
    assert len(workers) == 2
    kill(workers)
    alert(integration, "mail", "a1")
    eventually(lambda: {"/dev", "/ops"} <= set(receiver.paths), "both pages")
    assert len(open_incidents(andon, "mail")) == 1
    eventually(lambda: len([w for w in children(andon.supervisor).values() if "celery" in w]) == 2, "new workers")


def test_after_everything_was_killed_nothing_accepted_is_missing(tmp_path):
    with receiving() as receiver:
        with running_andon(tmp_path / "var") as first:
            staff(first, "post", receiver.url)
            integration = first.call("POST", "integrations/", {"source": "alertmanager", "name": "Kills"})
            kill(pid for pid, words in children(first.supervisor).items() if "web" not in " ".join(words[-2:]))
            alert(integration, "post", "b1")
            kill([first.supervisor])
            time.sleep(0.2)
        with running_andon(tmp_path / "var") as again:
            [incident] = eventually(lambda: open_incidents(again, "post"), "the incident")
            assert incident["services"] == ["post"]
            eventually(lambda: {"/dev", "/ops"} <= set(receiver.paths), "both pages")
