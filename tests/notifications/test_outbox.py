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
}


def count(event):
    next_number("counted")


def count_too(event):
    next_number("counted too")


def stumble(event):
    next_number("counted")
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
