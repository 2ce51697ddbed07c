"""What happened is told once to each who reacts, whatever fails in between."""

import pytest
from django.db import transaction
from django.test import override_settings

from notifications import outbox
from notifications.models import Counter, Event, Reaction
from notifications.numbers import next_number

pytestmark = pytest.mark.django_db

REACTIONS = {
    "thing.happened": [f"{__name__}.count", f"{__name__}.count_too"],
    "thing.broke": [f"{__name__}.stumble"],
    "thing.poured": [f"{__name__}.gather"],
}


def count(event):
    next_number("counted")


def count_too(event):
    next_number("counted too")


def stumble(event):
    next_number("counted")
    raise ValueError("on purpose")


@outbox.in_bulk
def gather(events):
    assert [event.pk for event in events] == sorted(event.pk for event in events)
    next_number("gathered")
    if any(event.payload["n"] == "bad" for event in events):
        raise ValueError("on purpose")


@pytest.fixture(autouse=True)
def reactions():
    with override_settings(REACTIONS=f"{__name__}.REACTIONS"):
        yield


def counted(name="counted"):
    return Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0


def test_each_handler_reacts_once_however_often_the_sweep_runs():
    outbox.emit("thing.happened", {"n": 1})
    assert outbox.react() == 2
    assert outbox.react() == 0
    assert (counted(), counted("counted too")) == (1, 1)


def test_a_failing_handler_leaves_nothing_behind_but_its_error_and_is_due_again():
    outbox.emit("thing.broke", {})
    outbox.react()
    reaction = Reaction.objects.get()
    assert counted() == 0
    assert reaction.done_at is None
    assert reaction.attempts == 1
    assert reaction.error == "ValueError: on purpose"
    assert reaction.next_at > reaction.event.at


def test_an_event_that_nobody_named_is_refused():
    with pytest.raises(LookupError, match=r"thing\.unheard_of"):
        outbox.emit("thing.unheard_of", {})


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match=r"thing\.happened"):
        outbox.emit("thing.happened", {})


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_fails_was_never_told():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.emit("thing.happened", {})
        raise ZeroDivisionError
    assert not Event.objects.exists()


def test_many_things_are_told_in_their_order_by_two_statements(django_assert_num_queries):
    happened = [("thing.happened", {"n": n}) for n in range(5)]
    with transaction.atomic(), django_assert_num_queries(2):
        events = outbox.emit_many(happened)
    assert [event.payload["n"] for event in Event.objects.order_by("pk")] == [0, 1, 2, 3, 4]
    assert [event.pk for event in events] == sorted(event.pk for event in events)
    assert Reaction.objects.count() == 10


def test_a_handler_that_takes_many_gets_what_is_due_for_it_at_once():
    outbox.emit_many([("thing.poured", {"n": n}) for n in range(30)])
    assert outbox.react() == 30
    assert counted("gathered") == 1
    assert not Reaction.objects.filter(done_at=None).exists()


def test_where_it_fails_for_many_each_is_tried_alone_and_only_the_bad_one_is_due_again():
    events = outbox.emit_many([("thing.poured", {"n": n}) for n in (1, "bad", 3)])
    assert outbox.react() == 3
    assert counted("gathered") == 2
    assert Reaction.objects.get(done_at=None).event == events[1]
