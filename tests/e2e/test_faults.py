"""Every alert that was accepted leads to its pages, whatever is killed while they come in."""

import pytest

from tests.e2e.scene import eventually, kill, send_alert, staff, told

pytestmark = pytest.mark.processes

SIDES = ("/dev", "/ops")


@pytest.fixture(scope="module")
def shop(andon, receiver):
    """Thirty services on one joint schedule, and who tells of their alerts."""
    staff(andon, "shared", receiver.url)
    for number in range(30):
        service = {"slug": f"part-{number}", "name": f"Part {number}", "schedule": "shared"}
        andon.call("POST", "services/", service | {"dev_team": "dev-team", "ops_team": "ops-team"})
    return andon, andon.call("POST", "integrations/", {"source": "alertmanager", "name": "Faults"})


def tell(integration, service):
    """Tell it until it is accepted, as senders do; returns what was answered before."""
    refusals = []

    def accepted():
        status, headers = send_alert(integration, service)
        if status != 202:
            refusals.append((status, headers))
        return status == 202

    eventually(accepted, f"an answer to the alert of {service}")
    return refusals


def everybody_is_told(receiver, services):
    wanted = {(side, service) for side in SIDES for service in services}
    eventually(lambda: wanted <= set(told(receiver.paths, receiver.received)), "all pages")
    return [one for one in told(receiver.paths, receiver.received) if one in wanted]


def test_a_storm_of_alerts_while_processes_are_killed_loses_no_page(shop, receiver):
    andon, integration = shop
    services = [f"part-{number}" for number in range(20)]
    for number, service in enumerate(services):
        if number % 4 == 2:
            kill(andon, ("worker", "pager", "scheduler", "web", "pager")[number // 4])
        tell(integration, service)
    pages = everybody_is_told(receiver, services)
    assert len(pages) < 2 * 2 * len(services), "what is told twice is the exception"
    numbers = [andon.call("GET", f"incidents/?service={service}")["count"] for service in services]
    assert numbers == [1] * len(services)


def test_while_postgresql_is_gone_nothing_is_accepted_and_nothing_accepted_is_lost(shop, receiver):
    andon, integration = shop
    services = [f"part-{number}" for number in range(20, 30)]
    for service in services[:5]:
        tell(integration, service)
    kill(andon, "postgres")
    refusals = [one for service in services[5:] for one in tell(integration, service)]
    assert refusals, "it takes PostgreSQL a moment to come back"
    assert {status for status, _ in refusals} == {503}
    assert all(headers["Retry-After"] and "problem+json" in headers["Content-Type"] for _, headers in refusals)
    everybody_is_told(receiver, services)
