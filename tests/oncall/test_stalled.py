"""A channel that is in trouble is tried on; whoever is on call hears of the page by another meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import deliveries, outbox
from notifications.models import Delivery
from oncall import paging
from oncall.models import ContactRule
from tests.factories import ContactMethodFactory
from tests.oncall.test_paging import words
from tests.oncall.test_telling import call
from tests.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def ana(receiver):
    """Reached at /first, else at /second."""
    person = ContactMethodFactory(person__name="Ana", kind="webhook", address=f"{receiver.url}/first").person
    ContactMethodFactory(person=person, kind="webhook", address=f"{receiver.url}/second", position=1)
    return person


def attempts(count):
    """So many attempts of what is in trouble, with what follows from them."""
    for _ in range(count):
        Delivery.objects.filter(state="waiting", attempts__gt=0).update(next_at=timezone.now())
        deliveries.send_due("pages")
        outbox.react()


def test_after_some_failures_the_next_method_is_tried_beside_the_first(ana, receiver):
    receiver.answers += [(500, {})] * 3
    page = call(ana)
    attempts(2)
    assert receiver.paths == ["/first"] * 2
    attempts(2)
    assert set(receiver.paths[3:]) == {"/first", "/second"}
    assert words(page, "notified")[-1] == "Ana is paged by Webhook too"
    assert set(page.notices.values_list("delivery__state", flat=True)) == {"sent"}


def test_who_asks_for_a_long_pause_is_not_waited_for(ana, receiver):
    receiver.answers.append((429, {"Retry-After": "60"}))
    call(ana)
    deliveries.send_due("pages")
    outbox.react()
    deliveries.send_due("pages")
    assert receiver.paths == ["/first", "/second"]


def test_what_a_rule_has_for_later_comes_now(ana, receiver):
    first, second = ana.contact_methods.order_by("position")
    ContactRule.objects.create(person=ana, urgency="high", method=first)
    ContactRule.objects.create(person=ana, urgency="high", method=second, delay=timedelta(minutes=30))
    receiver.answers += [(500, {})] * 3
    page = call(ana)
    attempts(4)
    assert "/second" in receiver.paths
    assert page.notices.count() == 2


def test_somebody_with_one_method_is_neither_given_up_nor_told_twice(ana, receiver):
    ana.contact_methods.get(position=1).delete()
    receiver.answers += [(500, {})] * 4
    page = call(ana)
    attempts(6)
    assert receiver.paths == ["/first"] * 5
    assert words(page, "unreachable") == []


def test_once_it_is_answered_nothing_else_is_tried(ana, receiver):
    receiver.answers += [(500, {})] * 3
    page = call(ana)
    attempts(2)
    paging.acknowledge(page=page, person=ana)
    attempts(3)
    assert "/second" not in receiver.paths
