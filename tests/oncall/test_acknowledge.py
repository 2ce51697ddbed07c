"""Answering a page: for one's own side, once, and never after the end."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.errors import Conflict, Forbidden
from notifications.models import Event
from oncall import paging
from oncall.models import PageNotice
from tests.factories import MembershipFactory, PersonFactory, PolicyFactory, TeamFactory, staffed_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return paging.page(subject="Checkout is down", dedup_key="incident:1", service=staffed_service())


def of_side(page, seat):
    return page.notices.get(seat=seat).person


def open_sides(page):
    return {side.seat for side in page.escalations.open()}


def answers(page):
    return Event.objects.filter(type="page.acknowledged", payload__page=page.pk).count()


def test_each_side_answers_for_itself_and_the_page_is_acknowledged_when_both_have(page):
    answered = paging.acknowledge(page=page, person=of_side(page, "dev"), via="web")
    assert (answered.state, open_sides(page)) == ("triggered", {"ops"})
    assert answered.acknowledged_at
    answered = paging.acknowledge(page=page, person=of_side(page, "ops"), via="slack")
    assert (answered.state, open_sides(page)) == ("acknowledged", set())
    assert [entry.text for entry in page.log.filter(kind="acknowledged")] == [
        "Dev Person acknowledged on the web for Dev",
        "Ops Person acknowledged in Slack for Ops",
    ]


def test_where_one_answer_is_enough_it_stops_the_page():
    service = staffed_service()
    service.policy = PolicyFactory(each_seat=False)
    service.save()
    page = paging.page(subject="x", service=service)
    person = page.notices.first().person
    assert paging.acknowledge(page=page, person=person, via="api").state == "acknowledged"
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert paging.escalate_due() == 0


def test_the_same_person_again_changes_nothing(page):
    dev = of_side(page, "dev")
    first = paging.acknowledge(page=page, person=dev, via="web")
    second = paging.acknowledge(page=page, person=dev, via="link")
    assert second.acknowledged_at == first.acknowledged_at
    assert answers(page) == 1


def test_an_answer_takes_back_what_that_side_was_still_to_be_sent(page):
    paging.acknowledge(page=page, person=of_side(page, "dev"), via="web")
    states = {notice.seat: notice.delivery.state for notice in PageNotice.objects.select_related("delivery")}
    assert states == {"dev": "withdrawn", "ops": "waiting"}


def test_somebody_who_was_not_told_answers_for_the_side_of_their_team(page):
    mate = MembershipFactory(team=TeamFactory(discipline="ops")).person
    paging.acknowledge(page=page, person=mate, via="web")
    assert open_sides(page) == {"dev"}


def test_somebody_without_a_side_answers_for_all_that_are_open(page):
    assert paging.acknowledge(page=page, person=PersonFactory(), via="web").state == "acknowledged"


def test_a_viewer_answers_only_for_a_page_that_was_sent_to_them(page):
    viewer = PersonFactory(role="viewer")
    assert not paging.may_acknowledge(page, viewer)
    with pytest.raises(Forbidden, match="not sent to you"):
        paging.acknowledge(page=page, person=viewer, via="web")
    told = of_side(page, "dev")
    told.role = "viewer"
    told.save()
    assert paging.may_acknowledge(page, told)
    paging.acknowledge(page=page, person=told, via="link")
    assert open_sides(page) == {"ops"}


def test_a_resolved_page_cannot_be_acknowledged(page):
    dev = of_side(page, "dev")
    paging.resolve(page=page, by=dev)
    with pytest.raises(Conflict, match="is resolved") as refused:
        paging.acknowledge(page=page, person=dev, via="web")
    assert refused.value.extra == {"allowed": []}
    assert answers(page) == 0


def test_a_side_that_could_never_be_reached_does_not_keep_the_page_open():
    service = staffed_service()
    service.schedule.seats.get(name="ops").shifts.all().delete()
    page = paging.page(subject="x", service=service)
    paging.acknowledge(page=page, person=of_side(page, "dev"), via="web")
    for minutes in (6, 12, 18):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            paging.escalate_due()
    page.refresh_from_db()
    assert page.state == "acknowledged"
    assert page.escalations.get(seat="ops").exhausted_at
