"""A real Alertmanager that groups, while we stall, are killed, and it is started again: no alert lost, none doubled."""

import os
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.alertmanager import alertmanager, post_alerts
from tests.e2e.scene import eventually, kill, open_incidents, processes, staff, timeline

pytestmark = [pytest.mark.processes, pytest.mark.tools]

SERVICES = ("cart", "mail", "search")
EACH = 15
STALL = 20  # seconds: longer than Alertmanager waits for an answer


def batch(name, began, *, ended=None):
    """The alerts of one name, some of each service."""
    times = {"startsAt": began} | ({"endsAt": ended} if ended else {})
    return [
        {"labels": {"alertname": name, "service": service, "instance": str(number), "severity": "critical"}} | times
        for service in SERVICES
        for number in range(EACH)
    ]


def now():
    return datetime.now(UTC).isoformat()


def kept(andon):
    """How often each alert stands in the list, by (name, service, instance), and the states it has there."""
    rows = andon.call("GET", "alerts/?page_size=500")["results"]
    labels = [(row["labels"]["alertname"], row["labels"]["service"], row["labels"]["instance"]) for row in rows]
    return Counter(labels), Counter(row["status"] for row in rows)


def told_on_timelines(andon, status):
    """How often timelines tell of each alert in this state, by its id."""
    entries = [
        entry["data"]
        for service in SERVICES
        for incident in open_incidents(andon, service)
        for entry in timeline(andon, incident["number"])
        if entry["kind"] == "alert" and entry["data"].get("status") == status
    ]
    return Counter(pk for data in entries for pk in data.get("alerts", [data.get("alert")]))


def test_no_alert_is_lost_and_none_is_doubled(andon, receiver, tmp_path):
    for service in SERVICES:
        staff(andon, service, receiver.url)
    integration = andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Real"})
    began = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()

    with alertmanager(tmp_path, integration, group_by="service") as url:
        post_alerts(url, batch("Before", began))
        stalled = processes(andon)["web"]
        for pid in stalled:
            os.kill(pid, signal.SIGSTOP)
        post_alerts(url, batch("Stalled", began))
        time.sleep(STALL)
        for pid in stalled:
            os.kill(pid, signal.SIGCONT)
        eventually(lambda: len(kept(andon)[0]) == 2 * len(SERVICES) * EACH, "what came while we stalled")

    with alertmanager(tmp_path, integration, group_by="service") as url:
        kill(andon, "web", "worker", "pager")
        names = ("Before", "Stalled", "Restarted")
        for name in names:  # Prometheus tells again what still fires
            post_alerts(url, batch(name, began))
        wanted = len(names) * len(SERVICES) * EACH
        eventually(lambda: all(processes(andon).values()) and len(kept(andon)[0]) == wanted, "what came afterwards")
        assert set(kept(andon)[0].values()) == {1}
        eventually(lambda: len(told_on_timelines(andon, "firing")) == wanted, "all of them on timelines")
        assert set(told_on_timelines(andon, "firing").values()) == {1}
        assert [len(open_incidents(andon, service)) for service in SERVICES] == [1, 1, 1]

        ended = now()
        for name in names:
            post_alerts(url, batch(name, began, ended=ended))
        eventually(lambda: kept(andon)[1] == {"resolved": wanted}, "their ends")
        eventually(lambda: len(told_on_timelines(andon, "resolved")) == wanted, "their ends on timelines")
        assert set(told_on_timelines(andon, "resolved").values()) == {1}
