"""The message of a webhook, its signature, and when it is sent again: pure."""

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from notifications.outgoing import envelope, schedule
from notifications.outgoing.interest import wants
from notifications.outgoing.subscriptions import new_secret
from notifications.signatures import standard_webhooks
from tests.notifications.outgoing import is_signed

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=5
)


def test_a_body_says_what_happened_when_and_which_event_it_is():
    at = datetime(2026, 6, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    body = envelope.body(id="evt_7", type="incident.declared", at=at, data={"number": 3})
    assert envelope.encode(body) == (
        b'{"id":"evt_7","type":"incident.declared","timestamp":"2026-06-01T12:00:00.000000Z","data":{"number":3}}'
    )


@given(st.dictionaries(st.text(), NESTED), st.permutations(envelope.FIRST))
def test_the_bytes_are_the_same_in_whatever_order_the_body_was_kept(data, order):
    body = envelope.body(id="evt_7", type="incident.declared", at=NOON, data=data)
    assert envelope.encode({name: body[name] for name in order}) == envelope.encode(body)
    assert json.loads(envelope.encode(body)) == body


@given(st.binary(max_size=200), st.integers(1, 10**9))
def test_a_signature_holds_by_the_text_of_the_specification_and_breaks_with_any_change(content, message):
    secret = new_secret()
    headers = envelope.headers(message=message, at=NOON, secrets=[secret, ""], content=content)
    assert is_signed(secret, headers, content)
    assert not is_signed(secret, headers, content + b" ")
    assert not is_signed(secret, headers | {"webhook-id": "msg_0"}, content)
    assert not is_signed(secret, headers | {"webhook-timestamp": "1"}, content)
    assert not is_signed(new_secret(), headers, content)
    assert standard_webhooks([secret], content, headers, NOON)  # what we send, we would take


def test_while_a_secret_is_rotated_both_sign():
    first, second = new_secret(), new_secret()
    headers = envelope.headers(message=1, at=NOON, secrets=[second, first], content=b"{}")
    assert headers["webhook-signature"].count("v1,") == 2
    assert is_signed(first, headers, b"{}")
    assert is_signed(second, headers, b"{}")


def test_a_secret_is_as_long_as_the_specification_asks():
    import base64

    assert 24 <= len(base64.b64decode(new_secret().removeprefix("whsec_"), validate=True)) <= 64


@given(st.integers(1, 10**9), st.integers(1, len(schedule.PAUSES)))
def test_a_pause_is_as_long_as_the_schedule_says_and_a_little_more(message, attempts):
    again = schedule.next_try(attempts=attempts, now=NOON, message=message)
    pause = schedule.PAUSES[attempts - 1]
    assert NOON + pause <= again <= NOON + pause * (1 + schedule.JITTER)
    assert again == schedule.next_try(attempts=attempts, now=NOON, message=message)


def test_pauses_grow_until_it_is_given_up_after_some_days():
    assert sorted(schedule.PAUSES) == schedule.PAUSES
    assert timedelta(days=3) < sum(schedule.PAUSES, timedelta()) < timedelta(days=4)
    assert schedule.next_try(attempts=len(schedule.PAUSES) + 1, now=NOON, message=1) is None


@given(st.floats(allow_nan=False), st.integers(1, len(schedule.PAUSES)))
def test_whoever_asks_for_a_pause_gets_one_within_bounds_and_never_a_shorter_one(asked, attempts):
    again = schedule.next_try(attempts=attempts, now=NOON, message=1, asked=asked)
    assert again >= schedule.next_try(attempts=attempts, now=NOON, message=1)
    assert again <= NOON + schedule.LONGEST_ASKED * (1 + schedule.JITTER)
    if 0 <= asked <= schedule.LONGEST_ASKED.total_seconds():
        assert again >= NOON + timedelta(seconds=asked)


def test_messages_that_failed_together_do_not_come_back_together():
    again = {schedule.next_try(attempts=3, now=NOON, message=message) for message in range(100)}
    assert len(again) > 90


def test_a_subscription_names_types_or_families_and_none_is_all():
    assert wants([], "page.triggered")
    assert wants(["incident.declared", "page.*"], "page.triggered")
    assert wants(["incident.declared"], "incident.declared")
    assert not wants(["incident.declared"], "incident.edited")
    assert not wants(["incident.*"], "incidental.thing")
