"""Answers that hold for a while: acknowledgements that expire by the policy, renewals, and snoozes beside them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.models import Event
from oncall import paging
from oncall.models import Policy
from tests.factories import staffed_service
from tests.oncall.test_paging import told, words

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def service():
    service = staffed_service()
    Policy.objects.update(ack_timeout=HALF_AN_HOUR)
    service.refresh_from_db()
    return service


@pytest.fixture
def page(service):
    return paging.page(subject="Checkout is down", service=service)


def of_side(page, seat):
    return page.notices.filter(seat=seat).first().person


def at(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def side(page, seat="dev"):
    return page.escalations.get(seat=seat)


def test_an_acknowledgement_expires_and_pages_its_side_anew_from_the_first_step(page):
    for seat in ("dev", "ops"):
        paging.acknowledge(page=page, person=of_side(page, seat))
    with at(29):
        assert paging.escalate_due() == 0
    with at(31):
        paging.escalate_due()
    page.refresh_from_db()
    assert page.state == "triggered"
    assert [(step, name) for _, step, _, name in told(page, seat="dev")] == [(0, "Dev Person")] * 2
    assert words(page, "triggered")[1:] == [
        "The acknowledgement of Dev Person expired: paged again",
        "The acknowledgement of Ops Person expired: paged again",
    ]
    assert words(page, "escalated") == []
    assert Event.objects.filter(type="page.triggered", payload__seat="dev").count() == 1


def test_acknowledging_again_renews_it_and_says_so(page):
    dev = of_side(page, "dev")
    paging.acknowledge(page=page, person=dev)
    with at(20):
        paging.acknowledge(page=page, person=dev)
        assert side(page).next_at == timezone.now() + HALF_AN_HOUR
    [said] = words(page, "renewed")
    assert said.startswith("Dev Person renewed the acknowledgement for Dev: it holds until ")
    assert len(words(page, "acknowledged")) == 1


def test_a_button_pressed_twice_is_no_renewal(page):
    dev = of_side(page, "dev")
    for _ in range(2):
        paging.acknowledge(page=page, person=dev)
    assert words(page, "renewed") == []


def test_after_it_expired_the_same_person_acknowledges_anew(page):
    dev = of_side(page, "dev")
    paging.acknowledge(page=page, person=dev)
    with at(31):
        paging.escalate_due()
        paging.acknowledge(page=page, person=dev)
        assert side(page).acknowledged_by == dev
    assert len(words(page, "acknowledged")) == 2


def test_an_acknowledgement_does_not_expire_within_a_snooze(page):
    dev, ops = of_side(page, "dev"), of_side(page, "ops")
    until = timezone.now() + timedelta(hours=2)
    paging.snooze(page=page, by=dev, until=until)
    paging.acknowledge(page=page, person=ops)
    assert {one.next_at for one in page.escalations.all()} == {until}
    with at(60):
        paging.acknowledge(page=page, person=dev)
        assert paging.escalate_due() == 0
    with at(121):
        paging.escalate_due()
    assert words(page, "triggered")[1:] == ["The snooze is over: paged again"]
    assert len(told(page)) == 4


def test_a_shorter_snooze_ends_when_it_was_asked_to(page):
    paging.snooze(page=page, by=of_side(page, "dev"), until=timezone.now() + timedelta(minutes=10))
    with at(11):
        paging.escalate_due()
    assert words(page, "triggered")[1:] == ["The snooze is over: paged again"]


def test_without_a_timeout_an_acknowledgement_stands():
    page = paging.page(subject="x", service=staffed_service())
    paging.acknowledge(page=page, person=of_side(page, "dev"))
    assert side(page).next_at is None


def test_an_answer_for_one_of_both_sides_together_expires_too(service):
    page = paging.page(subject="x", service=service, together=True)
    paging.acknowledge(page=page, person=of_side(page, "dev"))
    assert side(page).next_at is not None


def test_a_resolved_page_expires_no_more(page):
    paging.acknowledge(page=page, person=of_side(page, "dev"))
    paging.resolve(page=page)
    with at(60):
        assert paging.escalate_due() == 0
