"""What is to be sent is sent, once wherever that is in our hands, whatever the receiver answers."""

import socket
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notifications import deliveries
from notifications.channels import webhook
from notifications.channels.email import body_of
from notifications.deliveries import enqueue, send_due, withdraw
from notifications.models import Delivery, Event
from tests.factories import ContactMethodFactory
from tests.receiver import receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver():
    with receiving() as running:
        yield running


def to(receiver, *, key="one", **fields):
    message = {"subject": "Checkout is down", "text": "Please look.", "url": "https://andon.example/1"}
    return enqueue(
        dedup_key=key,
        about="page:1",
        channel="webhook",
        message=message,
        queue="pages",
        **({"address": receiver.url} | fields),
    )


def told(delivery):
    return list(Event.objects.filter(payload__delivery=delivery.pk).values_list("type", flat=True))


def test_a_message_is_sent_once_however_often_the_sweep_runs(receiver):
    delivery = to(receiver)
    assert send_due("pages") == 1
    assert send_due("pages") == 0
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT
    assert receiver.received == [
        {"subject": "Checkout is down", "text": "Please look.", "url": "https://andon.example/1", "id": "one"}
    ]
    assert told(delivery) == ["delivery.sent"]


def test_the_same_key_is_the_same_message(receiver):
    assert to(receiver).pk == to(receiver).pk
    send_due("pages")
    assert len(receiver.received) == 1


def test_other_queues_are_left_alone(receiver):
    to(receiver)
    assert send_due("default") == 0


def test_a_temporary_refusal_is_tried_again_a_little_later(receiver):
    receiver.answers = [(500, {})]
    delivery = to(receiver)
    send_due("pages")
    assert send_due("pages") == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=3)):
        assert send_due("pages") == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(receiver.received)) == (Delivery.State.SENT, 2, 2)
    assert told(delivery) == ["delivery.delayed", "delivery.sent"]


def test_who_asks_for_a_pause_gets_it_for_everything_that_goes_there(receiver):
    receiver.answers = [(429, {"Retry-After": "40"})]
    first = to(receiver)
    send_due("pages")
    second = to(receiver, key="two")
    Delivery.objects.filter(pk=second.pk).update(next_at=timezone.now() + timedelta(seconds=60))
    first.refresh_from_db()
    assert 38 < (first.next_at - timezone.now()).total_seconds() <= 40


def test_a_permanent_refusal_ends_the_matter_and_marks_the_contact_method(receiver):
    receiver.answers = [(410, {})]
    method = ContactMethodFactory(kind="webhook", address=receiver.url)
    delivery = to(receiver, method=method)
    send_due("pages")
    delivery.refresh_from_db()
    method.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED
    assert method.refused_at is not None
    assert told(delivery) == ["delivery.failed"]


def test_a_lease_that_runs_out_is_sent_again(receiver):
    delivery = to(receiver)
    Delivery.objects.update(next_at=timezone.now() + timedelta(seconds=20), attempts=1)  # its worker died
    assert send_due("pages") == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=21)):
        assert send_due("pages") == 1
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.SENT


def hanging():
    """The address of somebody who takes a connection and never answers."""
    return socket.create_server(("127.0.0.1", 0), backlog=64)


def test_a_receiver_that_hangs_delays_nobody_else(receiver, monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT", 1.0)
    with hanging() as silent:
        for number in range(20):
            to(receiver, key=f"silent {number}", address=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        last = to(receiver, key="last")
        assert send_due("pages", limit=5) == 5
    last.refresh_from_db()
    assert last.state == Delivery.State.SENT
    assert Delivery.objects.filter(error__contains="did not answer").count() == 4


def test_what_takes_longer_than_its_lease_is_not_sent_by_another_meanwhile(receiver, monkeypatch):
    monkeypatch.setattr(deliveries, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(deliveries, "LOOK_AGAIN", 0.05)
    monkeypatch.setattr(webhook, "TIMEOUT", 2.5)
    with hanging() as silent:
        slow = to(receiver, address=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert send_due("pages", limit=2) == 1
    slow.refresh_from_db()
    assert (slow.attempts, slow.state) == (1, Delivery.State.WAITING)


def test_what_was_withdrawn_is_not_sent(receiver):
    to(receiver)
    assert withdraw(about="page:1") == 1
    assert send_due("pages") == 0
    assert receiver.received == []


def test_mail_goes_out_with_the_link_in_it():
    message = {"subject": "Checkout\nis down", "text": "Please look.", "url": "https://andon.example/1"}
    enqueue(dedup_key="m", about="page:1", channel="email", address="ana@example.com", message=message)
    send_due("default")
    [sent] = mail.outbox
    assert sent.subject == "Checkout is down"
    assert "https://andon.example/1" in sent.body


def test_a_mail_says_what_each_of_its_links_does():
    message = {
        "text": "You are paged: Checkout is down",
        "url": "https://andon.example/p/x/",
        "facts": [["Service", "Checkout"], ["Urgency", "high"]],
        "actions": [
            {"id": "page.acknowledge", "label": "Acknowledge", "value": "x", "style": "primary"},
            {"id": "open", "label": "Open room", "url": "https://andon.example/incidents/1/"},
        ],
    }
    assert body_of(message) == (
        "You are paged: Checkout is down\n\nService: Checkout\nUrgency: high\n\n"
        "Acknowledge: https://andon.example/p/x/\nOpen room: https://andon.example/incidents/1/"
    )
    assert body_of({"text": "Tidy up", "url": "https://andon.example/"}) == "Tidy up\n\nhttps://andon.example/"


def test_what_is_for_later_waits_until_then(receiver):
    to(receiver, next_at=timezone.now() + timedelta(minutes=5))
    assert send_due("pages") == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert send_due("pages") == 1


def test_many_are_kept_by_one_statement_and_those_known_stay_as_they_were(receiver, django_assert_num_queries):
    known = to(receiver, key="b")
    send_due("pages")
    wanted = [
        Delivery(dedup_key=key, about="page:1", channel="webhook", address=receiver.url, message={}, queue="pages")
        for key in "abc"
    ]
    with django_assert_num_queries(1):
        deliveries.enqueue_many(wanted)
    assert [delivery.pk for delivery in wanted] == [Delivery.objects.get(dedup_key=key).pk for key in "abc"]
    known.refresh_from_db()
    assert (known.state, known.pk) == ("sent", wanted[1].pk)
