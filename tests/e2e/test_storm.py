"""A thousand alerts at once: everything is in the room, everybody is told of everything in a few messages."""

import re
import urllib.request

import pytest

from tests import storms
from tests.bench.figures import session_of
from tests.e2e.scene import eventually, kill, open_incidents, processes
from tests.running import send

pytestmark = pytest.mark.processes

HANDFUL = 7


def heard(receiver, name, side):
    """What pages this person was sent, in order."""
    sent = zip(receiver.paths, receiver.received, strict=False)
    return [body for path, body in sent if path == f"/{name}/{side}" and ("page" in body or "bundle" in body)]


def alerts_in(andon, services):
    """How many alerts the open incidents of these services have taken in."""
    numbers = {incident["number"] for service in services for incident in open_incidents(andon, service)}
    return sum(andon.call("GET", f"incidents/{number}/")["alerts"]["total"] for number in numbers)


def everybody_heard_of(andon, receiver, name, pages):
    """Waits until both were told of so many pages; returns what each was sent."""
    for side in storms.SIDES:
        eventually(
            lambda side=side: storms.pages_told(heard(receiver, name, side)) >= pages,
            f"{pages} pages to {side}",
            patience=120,  # what comes after a list waits half a minute, then a minute
        )
    return [heard(receiver, name, side) for side in storms.SIDES]


@pytest.mark.parametrize("told", [storms.in_one_message, storms.in_a_message_each])
def test_a_thousand_alerts_of_one_service_are_one_page_and_all_in_one_room(andon, receiver, told):
    name = told.__name__.replace("_", "-")
    [service] = storms.staff(andon, name, 1, receiver.url)
    assert storms.pour(andon, name, told(storms.alerts([service]))).failed == 0
    eventually(lambda: alerts_in(andon, [service]) == storms.ALERTS, "all alerts in the room")
    [incident] = open_incidents(andon, service)
    for messages in everybody_heard_of(andon, receiver, name, 1):
        assert len(messages) == 1
    page = urllib.request.Request(f"{andon.url}/incidents/{incident['number']}/", headers={"Cookie": session_of(andon)})
    shown = send(page).decode()
    assert '<data value="1000">1,000</data> alerts' in shown
    assert shown.count('class="entry ') < 50


def test_a_thousand_alerts_of_many_services_are_a_few_messages_that_can_be_answered_with_one_tap(andon, receiver):
    services = storms.staff(andon, "many", 30, receiver.url)
    assert storms.pour(andon, "many", storms.in_a_message_each(storms.alerts(services))).failed == 0
    eventually(lambda: alerts_in(andon, services) == storms.ALERTS, "all alerts in their rooms")
    both = everybody_heard_of(andon, receiver, "many", len(services))
    for messages in both:
        assert len(messages) <= HANDFUL
        assert storms.pages_told(messages) == len(services)
        assert "bundle" not in messages[0], "the first page is told at once"
    listed = [body for messages in both for body in messages if "bundle" in body]
    for body in listed:
        assert len(body["text"].splitlines()) <= 22
        answered = send(urllib.request.Request(body["url"], data=b"", method="POST")).decode()
        assert "Nothing here waits for you" in answered
    acknowledged = [
        page for page in andon.call("GET", "pages/?page_size=500")["results"] if page["state"] == "acknowledged"
    ]
    assert len(acknowledged) >= len(services) - 6


def test_a_message_that_is_gathered_while_workers_and_scheduler_are_killed_is_sent_once(andon, receiver):
    services = storms.staff(andon, "killed", 20, receiver.url)
    assert storms.pour(andon, "killed", storms.in_a_message_a_service(storms.alerts(services))).failed == 0
    eventually(lambda: len(heard(receiver, "killed", "dev")) == 3, "the first messages")
    kill(andon, "pager", "worker", "scheduler")
    eventually(lambda: all(processes(andon).values()), "new processes")
    for messages in everybody_heard_of(andon, receiver, "killed", len(services)):
        assert len(messages) <= HANDFUL
        assert storms.pages_told(messages) == len(services)
        pages = [re.search(r"/p/([^/]+)/", body["url"])[1] for body in messages]
        assert len(set(pages)) == len(pages)
