"""A message that was refused for good: the next way at once, or the next step; a thousand at once as cheaply as one."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Delivery, Event
from oncall import handlers, paging
from oncall.models import Bundle, Page, PageLogEntry, PageNotice, Shadow
from tests.factories import ContactMethodFactory, ServiceFactory, staffed_service
from tests.oncall.test_paging import policy_of, refuse, words
from tests.oncall.test_telling import call, rule, ways

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    person = ContactMethodFactory(person__name="Ana").person
    ContactMethodFactory(person=person, kind="webhook", address="https://example.com/ana", position=1)
    return person


def bundled(person, pages):
    """Pages to this person, all told by one message, as in a storm."""
    made = [call(person, dedup_key=str(n)) for n in range(pages)]
    method = person.contact_methods.get(kind="email")
    delivery = PageNotice.objects.earliest("pk").delivery
    bundle = Bundle.objects.create(person=person, method=method, delivery=delivery)
    PageNotice.objects.update(delivery=delivery, bundle=bundle)
    return made, delivery


def react(type, delivery):
    event = Event.objects.create(type=type, payload={"delivery": delivery.pk, "about": delivery.about, "reason": "no"})
    with transaction.atomic():
        handlers.log_delivery(event)


def test_what_the_rules_have_for_later_comes_at_once(ana):
    rule(ana, "email")
    rule(ana, "webhook", 5)
    page = call(ana)
    refuse(page.notices.get(method__kind="email").delivery)
    assert ways(page, method__kind="webhook") == [("webhook", 0, "waiting")]
    assert page.notices.count() == 2
    assert words(page, "notified")[-1] == "Ana is paged by Webhook now instead"


def test_a_second_refusal_after_all_ways_were_tried_is_said_once(ana):
    page = call(ana)
    refuse(page.notices.get().delivery)
    refuse(page.notices.get(method__kind="webhook").delivery)
    assert words(page, "unreachable") == ["Ana could not be told: every contact method refused"]


def test_whoever_was_told_by_another_rule_is_not_unreachable(ana):
    rule(ana, "email")
    rule(ana, "webhook", 5)
    page = call(ana)
    Delivery.objects.filter(channel="email").update(state="sent")
    refuse(page.notices.get(method__kind="webhook").delivery)
    assert words(page, "unreachable") == []


def test_a_channel_that_refuses_hastens_the_next_step_unless_somebody_was_told_beside_it():
    bo = ContactMethodFactory(person__name="Bo").person
    channel = {"kind": "channel", "address": "#gone"}
    alone = call(service=ServiceFactory(policy=policy_of([channel], [{"kind": "person", "person": bo}])))
    refuse(alone.notices.get().delivery)
    assert alone.escalations.get().next_at <= timezone.now()
    beside = call(service=ServiceFactory(policy=policy_of([channel, {"kind": "person", "person": bo}])))
    refuse(beside.notices.get(person=None).delivery)
    assert beside.escalations.get().next_at > timezone.now()


def test_the_refusal_of_a_place_is_logged_by_its_name():
    page = call(service=ServiceFactory(policy=policy_of([{"kind": "channel", "address": "#gone"}])))
    react("delivery.failed", page.notices.get().delivery)
    assert words(page, "refused") == ["The message to #gone was refused: no"]


def test_a_shadow_whose_method_refuses_is_told_by_the_next_and_hastens_nothing(ana):
    service = staffed_service()
    seat = service.schedule.seats.get(name="dev")
    Shadow.objects.create(seat=seat, person=ana, start=timezone.now() - timedelta(days=1))
    page = call(service=service)
    refuse(page.notices.get(person=ana).delivery)
    assert set(page.notices.filter(person=ana).values_list("shadow", "method__kind")) == {
        (True, "email"),
        (True, "webhook"),
    }
    refuse(page.notices.get(person=ana, method__kind="webhook").delivery)
    assert words(page, "unreachable") == []
    assert all(side.next_at > timezone.now() for side in page.escalations.all())


def test_what_came_of_a_shared_message_is_in_the_log_of_each_of_its_pages(ana):
    pages, delivery = bundled(ana, 3)
    react("delivery.sent", delivery)
    for page in pages:
        assert words(page, "delivered") == ["E-mail to Ana about 3 pages went out"]


def test_a_shared_message_that_is_refused_goes_whole_by_the_next_method(ana):
    pages, delivery = bundled(ana, 3)
    paging.resolve(page=pages[0])
    refuse(delivery)
    [again] = Delivery.objects.filter(channel="webhook")
    assert again.message == delivery.message
    assert set(again.notices.values_list("page", flat=True)) == {pages[1].pk, pages[2].pk}
    refuse(again)
    assert words(pages[1], "unreachable") == ["Ana could not be told: every contact method refused"]
    assert all(page.escalations.get().next_at <= timezone.now() for page in pages[1:])


def test_a_shared_message_costs_the_same_for_many_pages_as_for_few(ana):
    def statements_for(pages):
        PageNotice.objects.all().delete()
        Delivery.objects.all().delete()
        Page.objects.all().delete()
        _, delivery = bundled(ana, pages)
        with CaptureQueriesContext(connection) as statements:
            refuse(delivery)
            react("delivery.failed", delivery)
        assert PageLogEntry.objects.filter(kind="refused").count() == pages
        return len(statements)

    assert statements_for(25) <= statements_for(2)


def test_an_answered_page_does_not_take_the_message_it_shares_with_others(ana):
    pages, delivery = bundled(ana, 3)
    paging.acknowledge(page=pages[0], person=ana)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
