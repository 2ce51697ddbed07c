"""From an event to a subscriber that took it: once for each, again where it was not taken, never what is private."""

import contextlib
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from notifications import outbox
from notifications.models import Event, Reaction, Webhook, WebhookMessage
from notifications.outgoing import fanout, outcomes, replay, schedule, sending, subscriptions
from tests.factories import IncidentFactory
from tests.notifications.outgoing import is_signed, settle, subscribe, waits_for
from tests.receiver import receiving
from tests.serving import Quiet, serving

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=8)


@pytest.fixture
def incident():
    return IncidentFactory()


@pytest.fixture
def subscriber():
    with receiving() as receiver:
        yield receiver


def told(type="incident.declared", number=1):
    return outbox.emit(type, {"incident": number})


def tries_of(message):
    message.refresh_from_db()
    return [one["status"] or one["error"] for one in message.tries]


def send_and_hang_up():
    """In a thread of its own, which has a connection of its own."""
    sending.send_due()
    connection.close()


def later(by):
    return time_machine.travel(timezone.now() + by)


# From an event to messages


def test_where_nobody_listens_an_event_costs_nothing_more(django_assert_num_queries):
    subscribe(events=["page.*"])
    subscribe(disabled_at=timezone.now())
    told()
    assert not Reaction.objects.filter(handler=outbox.FAN_OUT).exists()
    with transaction.atomic(), django_assert_num_queries(1):
        outbox.emit("maintenance.planned", {})  # is told to nobody outside: nobody is asked


def test_a_fan_out_does_not_stand_in_the_way_of_what_wakes_people():
    subscribe()
    outbox.emit("problem.opened", {"problem": 1})
    assert outbox.react() == 0
    assert Reaction.objects.get(done_at=None).handler == outbox.FAN_OUT
    assert fanout.fan_out_due() == 1
    assert not Reaction.objects.filter(done_at=None).exists()


def test_an_event_becomes_one_message_for_each_who_wants_it_though_it_is_fanned_out_twice(incident):
    everything, incidents, pages = subscribe(), subscribe(events=["incident.*"]), subscribe(events=["page.triggered"])
    event = told(number=incident.number)
    fanout.fan_out([event])
    settle(send=False)
    fanout.fan_out([event])
    assert {message.webhook for message in WebhookMessage.objects.all()} == {everything, incidents}
    assert WebhookMessage.objects.count() == 2
    assert not pages.messages.exists()


def test_an_event_told_after_a_webhook_was_made_reaches_it_though_it_was_made_a_moment_before(incident):
    webhook = subscribe()
    told(number=incident.number)
    settle(send=False)
    assert webhook.messages.get().body["data"]["number"] == incident.number


# Sending


def test_a_message_is_signed_by_the_specification_and_taken(subscriber):
    webhook = subscribe(f"{subscriber.url}/hook?key=1")
    message = waits_for(webhook)
    assert sending.send_due() == 1
    assert subscriber.paths == ["/hook?key=1"]
    head = subscriber.heads[0]
    assert head["content-type"] == "application/json"
    assert head["webhook-id"] == f"msg_{message.pk}"
    assert abs(int(head["webhook-timestamp"]) - timezone.now().timestamp()) < 5
    assert is_signed(webhook.secret, head, subscriber.bodies[0])
    assert subscriber.received == [message.body]
    assert tries_of(message) == [200]
    assert (message.state, message.next_at) == ("sent", None)
    assert sending.send_due() == 0


def test_both_secrets_sign_while_one_is_rotated(subscriber):
    former = subscriptions.new_secret()
    webhook = subscribe(subscriber.url, former_secret=former)
    waits_for(webhook)
    sending.send_due()
    for secret in (former, webhook.secret):
        assert is_signed(secret, subscriber.heads[0], subscriber.bodies[0])


@pytest.mark.parametrize("status", [500, 404, 301, 307, 401, 204, 299])
def test_any_2xx_is_taken_and_nothing_else_is(subscriber, status):
    webhook = subscribe(subscriber.url)
    subscriber.answers.append((status, {"Location": f"{subscriber.url}/elsewhere"}))
    message = waits_for(webhook)
    sending.send_due()
    assert tries_of(message) == [status]
    assert message.state == ("sent" if status < 300 else "waiting")
    assert subscriber.paths == ["/"]


def test_it_is_tried_again_under_the_same_id_with_a_new_time_until_it_is_taken(subscriber):
    webhook = subscribe(subscriber.url)
    subscriber.answers += [(500, {}), (503, {})]
    message = waits_for(webhook)
    for pause in (timedelta(), SOON, timedelta(minutes=7)):
        with later(pause):
            sending.send_due()
    assert tries_of(message) == [500, 503, 200]
    ids, stamps = ([head[name] for head in subscriber.heads] for name in ("webhook-id", "webhook-timestamp"))
    assert len(set(ids)) == 1
    assert len(set(stamps)) == 3
    assert len(set(subscriber.bodies)) == 1
    assert all(is_signed(webhook.secret, *one) for one in zip(subscriber.heads, subscriber.bodies, strict=True))
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_after_the_whole_schedule_it_has_failed():
    message = waits_for(subscribe(), attempts=len(schedule.PAUSES))
    sending.send_due()
    message.refresh_from_db()
    assert (message.state, message.next_at) == ("failed", None)


def test_whoever_asks_for_a_pause_is_left_alone_for_so_long_by_all_messages(subscriber):
    webhook, other = subscribe(subscriber.url), subscribe(subscriber.url)
    subscriber.answers.append((429, {"Retry-After": "600"}))
    first, second = waits_for(webhook), waits_for(webhook, next_at=timezone.now() + SOON)
    third = waits_for(other, next_at=timezone.now() + SOON)
    sending.send_due()
    for message in (first, second):
        message.refresh_from_db()
        assert timedelta(seconds=590) < message.next_at - timezone.now() < timedelta(seconds=610)
    third.refresh_from_db()
    assert third.next_at - timezone.now() < SOON


def test_nobody_can_ask_for_a_pause_without_end(subscriber):
    subscriber.answers.append((503, {"Retry-After": "999999999"}))
    message = waits_for(subscribe(subscriber.url))
    sending.send_due()
    message.refresh_from_db()
    assert message.next_at - timezone.now() < timedelta(hours=25)


def test_410_ends_the_subscription_and_administrators_are_told(subscriber):
    webhook = subscribe(subscriber.url)
    subscriber.answers.append((410, {}))
    message, beside = waits_for(webhook), waits_for(webhook, next_at=timezone.now() + timedelta(hours=1))
    sending.send_due()
    webhook.refresh_from_db()
    assert webhook.disabled_at
    assert "410 Gone" in webhook.disabled_why
    for one in (message, beside):
        one.refresh_from_db()
        assert one.state == "failed"
    assert Event.objects.get(type="webhook.disabled").payload["webhook"] == webhook.pk


def test_whoever_takes_nothing_for_five_days_is_disabled():
    webhook = subscribe(failing_since=timezone.now() - timedelta(days=4, hours=23))
    message = waits_for(webhook)
    sending.send_due()
    webhook.refresh_from_db()
    assert webhook.disabled_at is None
    with later(timedelta(hours=1, seconds=10)):
        sending.send_due()
    webhook.refresh_from_db()
    assert webhook.disabled_at
    assert "nothing for 5 days" in webhook.disabled_why
    message.refresh_from_db()
    assert (message.state, len(message.tries)) == ("failed", 2)
    assert Event.objects.filter(type="webhook.disabled").count() == 1


def test_one_success_ends_the_failing(subscriber):
    webhook = subscribe(subscriber.url, failing_since=timezone.now() - timedelta(days=9))
    waits_for(webhook)
    sending.send_due()
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.disabled_at) == (None, None)


def test_no_more_than_the_beginning_of_an_answer_is_kept(subscriber):
    subscriber.says = b"x\x00\xff" * 100_000
    message = waits_for(subscribe(subscriber.url))
    sending.send_due()
    assert tries_of(message) == [200]
    assert 0 < len(message.tries[0]["answer"]) <= 1_000


def test_a_private_address_is_refused_at_each_attempt_unless_it_is_allowed(subscriber, settings):
    settings.ANDON_ALLOW_PRIVATE_TARGETS = False
    message = waits_for(subscribe(subscriber.url))
    sending.send_due()
    [refusal] = tries_of(message)
    assert "not a public address" in refusal
    assert subscriber.paths == []


def test_what_a_worker_that_died_was_sending_is_sent_again_under_the_same_id(subscriber):
    webhook = subscribe(subscriber.url)
    message = waits_for(webhook)
    assert sending._claim([], 4) == [message]  # and then it is killed
    assert sending.send_due() == 0
    with later(sending.LEASE + timedelta(seconds=1)):
        assert sending.send_due() == 1
    assert subscriber.heads[0]["webhook-id"] == f"msg_{message.pk}"
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


def test_what_an_attempt_that_was_overtaken_brings_changes_nothing(subscriber):
    message = waits_for(subscribe(subscriber.url))
    [stale] = sending._claim([], 4)
    WebhookMessage.objects.filter(pk=message.pk).update(next_at=timezone.now())
    sending.send_due()
    outcomes.record(stale, outcomes.Attempt(took=1.0, error="too late"))
    assert tries_of(message) == [200, "too late"]
    assert message.state == "sent"


def test_the_outcome_for_a_webhook_that_was_deleted_meanwhile_is_forgotten():
    message = waits_for(subscribe())
    [claimed] = sending._claim([], 4)
    Webhook.objects.all().delete()
    outcomes.record(claimed, outcomes.Attempt(took=1.0, status=500))
    assert not WebhookMessage.objects.filter(pk=message.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_does_not_answer_holds_up_no_other(subscriber, monkeypatch):
    """Until it answers, the others have got all of theirs."""
    with receiving() as slow:
        slow.awake.clear()
        hanging, well = subscribe(slow.url), subscribe(subscriber.url)
        for _ in range(20):
            waits_for(hanging)
        for _ in range(20):
            waits_for(well)
        run = threading.Thread(target=send_and_hang_up)
        run.start()
        for _ in range(400):
            if len(subscriber.paths) == 20:
                break
            slow.awake.wait(0.02)
        assert len(subscriber.paths) == 20
        assert len(slow.paths) <= sending.AT_ONE_WEBHOOK + sending.AT_ONE_WEBHOOK - 1
        monkeypatch.setattr(sending, "LONGEST_RUN", 0)
        slow.awake.set()
        run.join()
    assert well.messages.filter(state="sent").count() == 20


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_drips_without_end_is_given_up_when_the_time_is_over(monkeypatch):
    monkeypatch.setattr(sending, "LONGEST", 0.5)
    with dripping() as url:
        message = waits_for(subscribe(url))
        began = time.monotonic()
        sending.send_due()
        assert time.monotonic() - began < 4
    [error] = tries_of(message)
    assert "not whole within 0.5 s" in error
    assert message.state == "waiting"


@contextmanager
def dripping():
    """A server that begins to answer, and sends a byte of a header now and then; its address."""

    class Handler(Quiet):
        def do_POST(self):
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                while not over.wait(0.05):
                    self.wfile.write(b"x")
                    self.wfile.flush()

    over = threading.Event()
    with serving(Handler) as url:
        try:
            yield url
        finally:
            over.set()


# Replaying, testing, forgetting


def test_a_replay_goes_out_again_under_the_same_id(subscriber):
    webhook = subscribe(subscriber.url)
    message = waits_for(webhook)
    sending.send_due()
    replay.replay(message=message)
    sending.send_due()
    assert [head["webhook-id"] for head in subscriber.heads] == [f"msg_{message.pk}"] * 2
    assert tries_of(message) == [200, 200]


def test_all_that_failed_since_a_moment_is_replayed(subscriber):
    webhook, now = subscribe(subscriber.url), timezone.now()
    recent = [waits_for(webhook, state="failed", next_at=None) for _ in range(3)]
    old = waits_for(webhook, state="failed", next_at=None, created_at=now - timedelta(days=3))
    waits_for(subscribe(subscriber.url), state="failed", next_at=None)
    assert replay.replay_failed(webhook=webhook, since=now - timedelta(days=1)) == 3
    sending.send_due()
    assert {head["webhook-id"] for head in subscriber.heads} == {f"msg_{message.pk}" for message in recent}
    old.refresh_from_db()
    assert old.state == "failed"


def test_a_test_reaches_whoever_asked_for_other_events(subscriber):
    webhook = subscribe(subscriber.url, events=["page.triggered"])
    replay.send_test(webhook=webhook)
    sending.send_due()
    assert subscriber.received[0]["type"] == "webhook.test"
    assert is_signed(webhook.secret, subscriber.heads[0], subscriber.bodies[0])


def test_messages_are_kept_for_thirty_days():
    webhook = subscribe()
    waits_for(webhook, created_at=timezone.now() - timedelta(days=31))
    kept = waits_for(webhook, created_at=timezone.now() - timedelta(days=29))
    assert replay.forget() == 1
    assert WebhookMessage.objects.get() == kept


def test_messages_that_wait_are_overdue_only_where_nobody_sends():
    waits_for(subscribe())
    assert sending.waiting().count() == 1  # nothing ever ran
    waits_for(subscribe(), next_at=timezone.now() + timedelta(hours=1))
    sending.send_due()
    waits_for(subscribe())
    assert not sending.waiting().exists()
    with later(timedelta(minutes=1)):
        assert sending.waiting().exists()
