"""Whether somebody can be reached is said before a page has to find out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oncall.checks.contact_check import contact_check, reachable, working
from oncall.checks.watch import warnings_of
from oncall.models import ContactRule
from oncall.services.contact import save_contact_rules
from tests.factories import ContactMethodFactory, PersonFactory, ScheduleFactory, SeatFactory, ShiftFactory

pytestmark = pytest.mark.django_db


def said(person):
    return [(concern.about, concern.text) for concern in contact_check(person)]


def method(person, **fields):
    return ContactMethodFactory(person=person, kind="webhook", address="https://example.com/hook", **fields)


def test_somebody_with_a_verified_method_is_reached():
    ana = ContactMethodFactory().person
    assert reachable(ana)
    assert said(ana) == []
    assert working().filter(person=ana).exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"verified_at": None}, "waits for its code: enter it"),
        ({"refused_at": timezone.now(), "refusal": "gone"}, "refused the last message: gone. Mend it"),
    ],
)
def test_somebody_whose_only_method_does_not_work_is_not(fields, words):
    ana = method(PersonFactory(), **fields).person
    [worst, of_method] = said(ana)
    assert not reachable(ana)
    assert "no page arrives" in worst[1]
    assert words in of_method[1]
    assert not working().exists()


def test_a_refusal_of_yesterday_no_longer_stands():
    ana = method(PersonFactory(), refused_at=timezone.now() - timedelta(hours=25), refusal="gone").person
    assert said(ana) == []
    assert working().exists()


def test_nobody_without_a_method_is_reached():
    assert [about for about, _ in said(PersonFactory())] == ["methods"]


def test_rules_that_begin_late_matter_for_high_urgency_alone():
    email = ContactMethodFactory()
    for urgency in ("high", "low"):
        save_contact_rules(person=email.person, urgency=urgency, rules=[{"method": email.pk, "delay": 10}])
    [(about, text)] = said(email.person)
    assert about == "high"
    assert "first 10 min" in text


def test_rules_that_name_a_method_that_does_not_work_are_named():
    ana = ContactMethodFactory().person
    hook = method(ana, verified_at=None)
    ContactRule.objects.create(person=ana, urgency="high", method=hook)
    [(_, text)] = said(ana)
    assert "the rules for high urgency name it" in text


def test_it_takes_two_queries_however_many_methods_there_are():
    ana = ContactMethodFactory().person
    for number in range(5):
        ContactMethodFactory(person=ana, kind="slack", address=f"U{number}", verified_at=None)
    with CaptureQueriesContext(connection) as queries:
        assert len(contact_check(ana)) == 5
    assert len(queries) == 2


def test_the_daily_check_names_whoever_is_on_call_and_has_nothing_verified():
    schedule = ScheduleFactory()
    ana = method(PersonFactory(name="Ana"), verified_at=None).person
    ShiftFactory(seat=SeatFactory(schedule=schedule), person=ana)
    assert any(
        "Ana is on call and has no contact method that works" in concern.text for concern in warnings_of(schedule)
    )
