"""Brokers only make it sooner: with a real one tasks run, with none at all everything still happens."""

import os
import signal
import time

import pytest

from tests.e2e.brokers import rabbitmq, redis
from tests.e2e.scene import eventually, processes, send_alert, staff
from tests.running import andon as running_andon

pytestmark = [pytest.mark.processes, pytest.mark.tools]


def page(andon, receiver):
    """One alert, and both sides told of it."""
    staff(andon, "mail", receiver.url)
    integration = andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Brokers"})
    began = time.monotonic()
    assert send_alert(integration, "mail")[0] == 202
    took = time.monotonic() - began
    eventually(lambda: {"/dev", "/ops"} <= set(receiver.paths[-2:]), "both pages")
    return took


@pytest.mark.parametrize("broker", [redis, rabbitmq])
def test_with_a_broker_of_its_own_workers_do_the_work_though_the_scheduler_is_stopped(broker, tmp_path, receiver):
    with broker(tmp_path) as url, running_andon(tmp_path / "var", CELERY_BROKER_URL=url) as andon:
        receiver.paths.clear()
        [scheduler] = processes(andon)["scheduler"]
        os.kill(scheduler, signal.SIGSTOP)
        try:
            page(andon, receiver)
        finally:
            os.kill(scheduler, signal.SIGCONT)


def test_with_a_dead_broker_pages_go_out_and_nobody_waits_for_it(tmp_path, receiver):
    with running_andon(tmp_path / "var", CELERY_BROKER_URL="redis://127.0.0.1:1/0") as andon:
        receiver.paths.clear()
        assert page(andon, receiver) < 5, "the answer to an alert waits for no broker"
