"""Maintenance on the web: its pages, and where it is told of."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from oncall.models import Maintenance
from oncall.services.maintenance import plan_maintenance
from tests.factories import ServiceFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SENTENCE = "Checkout is in maintenance until 14:00: no alert pages anybody."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


def plan(*services, start=NOON, end=NOON + 2 * HOUR, reason="New disks"):
    return plan_maintenance(services=services, start=start, end=end, reason=reason, by=None)


def seen(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def form(**changes):
    return {
        "reason": "New disks",
        "start": "2026-11-23T13:00",
        "end": "2026-11-23T14:00",
        "services": ["checkout"],
    } | changes


@pytest.mark.parametrize("path", ["/", "/services/checkout/", "/incidents/declare/"])
def test_it_is_told_of_where_one_looks(checkout, path, clock):
    reader = browser("responder")
    assert "maintenance until" not in seen(reader, path)
    plan(checkout)
    assert SENTENCE in seen(reader, path)
    clock.shift(2 * HOUR)
    assert "maintenance until" not in seen(reader, path)


def test_an_end_on_another_day_says_which(checkout):
    plan(checkout, end=NOON + 48 * HOUR)
    assert "until 25 Nov, 12:00" in seen(browser("viewer"), "/services/checkout/")


def test_an_empty_list_says_what_to_do(checkout):
    assert "Before you work on a service" in seen(browser("responder"), "/maintenance/")
    assert "A responder plans it" in seen(browser("viewer"), "/maintenance/")


def test_the_list_has_what_holds_what_comes_and_what_was(checkout, clock):
    plan(checkout, end=NOON + HOUR, reason="Past work")
    clock.shift(HOUR)
    plan(checkout, end=NOON + 3 * HOUR, reason="Present work")
    plan(checkout, start=NOON + 24 * HOUR, end=NOON + 25 * HOUR, reason="Work to come")
    page = seen(browser("responder"), "/maintenance/")
    assert page.index("Present work") < page.index("Work to come") < page.index("Past work")
    assert page.count("Yes, end") == page.count("Yes, cancel") == 1
    assert "Yes, end" not in seen(browser("viewer"), "/maintenance/")


def test_it_is_planned_from_the_page_of_a_service(checkout):
    responder = browser("responder")
    assert "/maintenance/new/?service=checkout" in seen(responder, "/services/checkout/")
    page = seen(responder, "/maintenance/new/", service="checkout")
    assert 'value="checkout" id="id_services_0" checked' in page
    answer = responder.post("/maintenance/new/", form())
    assert (answer.status_code, answer.url) == (302, "/maintenance/")
    made = Maintenance.objects.get()
    assert (made.start, made.end, made.created_by) == (NOON + HOUR, NOON + 2 * HOUR, responder.person)
    assert list(made.services.all()) == [checkout]
    assert "New disks" in seen(responder, "/services/checkout/")


def test_what_does_not_do_is_said_at_its_field_and_nothing_is_planned(checkout):
    answer = browser("responder").post("/maintenance/new/", form(end="2026-11-23T12:30", services=[]))
    assert answer.status_code == 422
    answer = browser("responder").post("/maintenance/new/", form(end="2026-11-23T12:30"))
    assert answer.status_code == 422
    assert "2026-11-23 12:30 UTC is not after the start" in answer.content.decode()
    assert not Maintenance.objects.exists()


def test_one_that_holds_keeps_its_start(checkout, clock):
    window, responder = plan(checkout), browser("responder")
    clock.shift(HOUR)
    page = seen(responder, f"/maintenance/{window.pk}/edit/")
    assert 'name="start"' not in page
    answer = responder.post(f"/maintenance/{window.pk}/edit/", form(end="2026-11-23T15:00"))
    assert answer.status_code == 302
    window.refresh_from_db()
    assert (window.start, window.end) == (NOON, NOON + 3 * HOUR)


def test_one_that_is_over_is_not_changed(checkout, clock):
    window = plan(checkout)
    clock.shift(2 * HOUR)
    answer = browser("responder").post(f"/maintenance/{window.pk}/edit/", form(end="2026-11-23T16:00"))
    assert answer.status_code == 409
    assert "is over, and on record" in answer.content.decode()


def test_ending_and_cancelling_say_what_follows(checkout, clock):
    holds, comes, responder = plan(checkout), plan(checkout, start=NOON + HOUR), browser("responder")
    clock.shift(timedelta(minutes=1))
    told = responder.post(f"/maintenance/{holds.pk}/end/", follow=True).content.decode()
    assert "What still fires pages now." in told
    told = responder.post(f"/maintenance/{comes.pk}/end/", follow=True).content.decode()
    assert "The maintenance is cancelled." in told
    assert list(Maintenance.objects.all()) == [holds]
    told = responder.post(f"/maintenance/{holds.pk}/end/", follow=True).content.decode()
    assert "is over, and on record" in told


def test_viewers_may_only_look(checkout):
    window, viewer = plan(checkout), browser("viewer")
    assert viewer.get("/maintenance/new/").status_code == 403
    assert viewer.post(f"/maintenance/{window.pk}/edit/", form()).status_code == 403
    assert viewer.post(f"/maintenance/{window.pk}/end/").status_code == 403
