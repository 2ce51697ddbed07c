"""Whoever leads is reminded of an overdue update: once for each promise, by a way that works."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.models import Incident
from incidents.reminders import mark_overdue
from incidents.services import assign_role, post_update, transition
from notifications.models import Delivery, Event
from tests.factories import ContactMethodFactory, IncidentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def overdue(**fields):
    return IncidentFactory(next_update_due_at=timezone.now() - timedelta(minutes=1), **fields)


def reachable():
    return ContactMethodFactory().person


def reminded():
    return list(Delivery.objects.filter(message__kind="update_overdue").values_list("address", flat=True))


def test_a_promise_that_passed_is_told_once(settle):
    declarer = reachable()
    incident = overdue(declared_by=declarer)
    assert [mark_overdue() for _ in range(3)] == [1, 0, 0]
    settle()
    assert reminded() == [declarer.email]
    assert Delivery.objects.get().queue == "default"
    assert "overdue" in incident.timeline.get(kind="system").text


def test_each_promise_anew(settle):
    incident = overdue(declared_by=reachable())
    mark_overdue()
    settle()
    post_update(incident=incident, text="Still looking", by=PersonFactory(), next_due_in=5)
    assert mark_overdue() == 0
    Incident.objects.update(next_update_due_at=timezone.now() - timedelta(seconds=1))
    assert mark_overdue() == 1
    settle()
    assert len(reminded()) == 2


def test_the_commander_is_reminded_before_the_declarer(settle):
    commander = reachable()
    incident = overdue(declared_by=reachable())
    assign_role(incident=incident, role="commander", person=commander, by=None)
    mark_overdue()
    settle()
    assert reminded() == [commander.email]


def test_a_way_that_refused_is_passed_over(settle):
    person = reachable()
    person.contact_methods.update(refused_at=timezone.now())
    ContactMethodFactory(person=person, address="works@example.com", position=1)
    overdue(declared_by=person)
    mark_overdue()
    settle()
    assert reminded() == ["works@example.com"]


def test_nobody_is_reminded_of_what_came_meanwhile_or_is_over(settle):
    came, over = overdue(declared_by=reachable()), overdue(declared_by=reachable())
    mark_overdue()
    post_update(incident=came, text="Here it is", by=PersonFactory())
    transition(incident=over, to="resolved", by=None)
    settle()
    assert reminded() == []


@pytest.mark.parametrize("fields", [{"status": "resolved"}, {"status": "cancelled"}])
def test_what_is_over_owes_nothing(fields):
    overdue(**fields)
    IncidentFactory(next_update_due_at=timezone.now() + timedelta(minutes=1))
    IncidentFactory(next_update_due_at=None)
    assert mark_overdue() == 0
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_any_number_of_sweepers_tell_it_once():
    for _ in range(3):
        overdue()

    def sweep(_):
        try:
            return mark_overdue()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(sweep, range(5))) == 3
    assert Event.objects.filter(type="incident.update_overdue").count() == 3
