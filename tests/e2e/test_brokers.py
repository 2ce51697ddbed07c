"""Brokers only make it sooner: with a real one tasks run, with none at all everything still happens."""

import os
import signal
import time

import pytest

from tests.e2e.brokers import rabbitmq, redis
from tests.e2e.scene import eventually, processes, send_alert, staff, told
from tests.running import andon as running_andon
from tests.running import free_port

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
        receiver.forget()
        [scheduler] = processes(andon)["scheduler"]
        os.kill(scheduler, signal.SIGSTOP)
        try:
            page(andon, receiver)
        finally:
            os.kill(scheduler, signal.SIGCONT)


def test_a_broker_that_is_killed_costs_no_page_and_is_used_again_once_it_is_back(tmp_path, receiver):
    port = free_port()
    with running_andon(tmp_path / "var", CELERY_BROKER_URL=f"redis://127.0.0.1:{port}/0") as andon:
        receiver.forget()
        with redis(tmp_path, port):
            page(andon, receiver)
        integration = andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Meanwhile"})
        assert send_alert(integration, alone(andon, "without"))[0] == 202
        eventually(lambda: heard_of("without", receiver), "the page without a broker")
        with redis(tmp_path, port):
            assert send_alert(integration, alone(andon, "again"))[0] == 202
            eventually(lambda: heard_of("again", receiver), "the page with it again")


def alone(andon, slug):
    """Another service of the same people."""
    service = {"slug": slug, "name": slug.title(), "schedule": "mail"}
    andon.call("POST", "services/", service | {"dev_team": "dev-team", "ops_team": "ops-team"})
    return slug


def heard_of(service, receiver):
    return {("/dev", service), ("/ops", service)} <= set(told(receiver.paths, receiver.received))


def test_with_a_dead_broker_pages_go_out_and_nobody_waits_for_it(tmp_path, receiver):
    with running_andon(tmp_path / "var", CELERY_BROKER_URL="redis://127.0.0.1:1/0") as andon:
        receiver.forget()
        assert page(andon, receiver) < 5, "the answer to an alert waits for no broker"
