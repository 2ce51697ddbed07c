"""A stream of signed deploys while processes are killed: every one that was answered 2xx is on the timeline, once."""

import threading
import time
from functools import partial

import pytest

from tests.e2e.deploys import deploy, offer
from tests.e2e.scene import eventually, kill, processes, staff

pytestmark = pytest.mark.processes

REPOSITORY = "shop/checkout"


@pytest.fixture(scope="module")
def checkout(andon):
    staff(andon, "checkout", "http://127.0.0.1:9", repositories=[REPOSITORY])
    return andon.call("POST", "incidents/", {"title": "Checkout is slow", "severity": "sev4", "services": ["checkout"]})


def deploys_on_timeline(andon, incident):
    """The revisions of the deploys that its timeline tells of."""
    told, page = [], 1
    while True:
        answer = andon.call("GET", f"incidents/{incident['number']}/timeline/?kind=change&page_size=500&page={page}")
        told += [entry["data"]["revision"] for entry in answer["results"] if entry["kind"] == "change"]
        if answer["next"] is None:
            return told
        page += 1


def test_every_deploy_that_was_accepted_is_told_once_though_web_and_worker_are_killed(andon, checkout):
    integration = andon.call("POST", "integrations/", {"source": "github", "name": "Load"})

    def strike():
        for names in (["worker"], ["web"], ["worker", "pager"], ["web", "worker"]):
            time.sleep(1.5)
            kill(andon, *names)

    striking = threading.Thread(target=strike)
    striking.start()
    make = partial(deploy, integration, REPOSITORY)
    offered = offer(andon.url, make, rate=60, count=600, senders=24)
    striking.join()
    eventually(lambda: all(processes(andon).values()), "new processes")
    assert len(offered.accepted) > 200, offered.statuses
    wanted = {revision_of(integration, number) for number in offered.accepted}
    eventually(lambda: wanted <= set(deploys_on_timeline(andon, checkout)), "every accepted deploy", patience=90)
    told = deploys_on_timeline(andon, checkout)
    assert len(told) == len(set(told))


def revision_of(integration, number):
    _, body, _ = deploy(integration, REPOSITORY, number)
    return body.decode().split('"sha": "')[1][:40]
