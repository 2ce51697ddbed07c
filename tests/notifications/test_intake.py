"""A 2xx means kept; everything else changes nothing and says why."""

import json
from collections.abc import Mapping

import pytest
import time_machine
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.test import override_settings
from django.utils import timezone

from notifications import inbox, rejections, signatures
from notifications.models import Counter, InboundMessage
from notifications.numbers import next_number
from notifications.payloads import read_object
from tests.factories import IntegrationFactory

pytestmark = pytest.mark.django_db


def apply(message, events):
    for _ in events:
        next_number("applied")
    return f"{len(events)} counted"


def stumble(message, events):
    next_number("applied")
    raise RuntimeError("on purpose")


def parse(headers: Mapping[str, str], body: bytes):
    fields = read_object(body)
    return [fields] if "count" in json.loads(body) else []


def key(headers, body):
    return headers.get("X-Delivery")


SENDERS = {"event": inbox.Sender(lambda s, b, h: signatures.bearer(s, h), key, parse, apply)}
STUMBLING = {"event": inbox.Sender(lambda s, b, h: signatures.bearer(s, h), key, parse, stumble)}


@pytest.fixture(autouse=True)
def senders():
    with override_settings(SENDERS=f"{__name__}.SENDERS"):
        yield


@pytest.fixture
def integration():
    return IntegrationFactory(source="event", secret="s3cret")


def post(client, integration, body, secret="s3cret", **headers):
    return client.post(
        integration.path,
        data=body if isinstance(body, bytes | str) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"} | headers,
    )


def applied():
    return Counter.objects.filter(name="applied").values_list("value", flat=True).first() or 0


def test_what_was_accepted_is_kept_and_has_its_effect_once(client, integration):
    for _ in range(5):
        assert post(client, integration, {"count": 1}, **{"X-Delivery": "a"}).status_code == 202
    inbox.process_due()
    inbox.process_due()
    assert applied() == 1
    message = InboundMessage.objects.get()
    assert (message.state, message.outcome) == ("done", "1 counted")


def test_a_wrong_secret_is_401_and_nothing_is_kept(client, integration):
    answer = post(client, integration, {"count": 1}, secret="guess")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert not InboundMessage.objects.exists()


def test_both_secrets_work_while_one_is_rotated_and_a_retired_one_does_not(client, integration):
    integration.secrets.create(secret="newer")
    assert post(client, integration, {"count": 1}, secret="newer").status_code == 202
    assert post(client, integration, {"count": 1}).status_code == 202
    integration.secrets.filter(secret="s3cret").update(retired_at="2026-01-01T00:00Z")
    assert post(client, integration, {"count": 1}).status_code == 401


@pytest.mark.parametrize("body", ["{", b"\xff\xfe", "[" * 10_000, '{"count": NaN}', "7"])
def test_malformed_json_is_400_and_nothing_is_kept(client, integration, body):
    answer = post(client, integration, body)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not InboundMessage.objects.exists()


def test_an_authentic_message_that_we_do_not_use_is_2xx_and_ignored(client, integration):
    assert post(client, integration, {"other": 1}).status_code == 202
    assert InboundMessage.objects.get().state == "ignored"


@pytest.mark.parametrize("path", ["/hooks/event/nonsense", "/hooks/event/6f2b0f5e-58b5-4d0b-9a77-7a2bb1a3b4a2"])
def test_an_unknown_integration_is_404(client, path):
    assert client.post(path, data="{}", content_type="application/json").status_code == 404


def test_a_disabled_integration_is_404(client, integration):
    integration.disabled_at = "2026-01-01T00:00Z"
    integration.save()
    assert post(client, integration, {"count": 1}).status_code == 404


def test_a_body_that_says_it_is_too_large_is_413_before_it_is_read(client, integration):
    answer = client.generic("POST", integration.path, b"{}", CONTENT_LENGTH=str(27 * 1024 * 1024))
    assert answer.status_code == 413


def test_processing_that_fails_leaves_no_half_effect_and_is_tried_again(client, integration):
    post(client, integration, {"count": 1})
    with override_settings(SENDERS=f"{__name__}.STUMBLING"):
        inbox.process_due()
    assert applied() == 0
    message = InboundMessage.objects.get()
    assert (message.state, message.outcome) == ("waiting", "RuntimeError: on purpose")
    InboundMessage.objects.update(next_at=message.received_at)
    inbox.process_due()
    assert applied() == 1


def test_secrets_in_headers_are_not_kept(client, integration):
    post(client, integration, {"count": 1}, **{"X-Delivery": "a", "X-Gitlab-Token": "hush"})
    kept = {name.lower(): value for name, value in InboundMessage.objects.get().headers.items()}
    assert kept["x-delivery"] == "a"
    assert "authorization" not in kept
    assert "x-gitlab-token" not in kept


def apply_many(messages):
    next_number("together")
    if any(fields.text("count") == "bad" for _, events in messages for fields in events):
        raise RuntimeError("on purpose")
    return [apply(message, events) for message, events in messages]


def apply_one(message, events):
    [outcome] = apply_many([(message, events)])
    return outcome


GATHERING = {"event": inbox.Sender(lambda s, b, h: signatures.bearer(s, h), key, parse, apply_one, None, apply_many)}


def counted(name):
    return Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0


def test_what_waits_for_one_integration_is_used_together(client, integration):
    other = IntegrationFactory(source="event", secret="s3cret")
    with override_settings(SENDERS=f"{__name__}.GATHERING"):
        for n in range(30):
            post(client, integration, {"count": str(n)}, **{"X-Delivery": str(n)})
        post(client, other, {"count": "1"}, **{"X-Delivery": "other"})
        assert inbox.process_due() == 31
    assert (counted("together"), counted("applied")) == (2, 31)
    assert set(InboundMessage.objects.values_list("state", "outcome", "attempts")) == {("done", "1 counted", 1)}


def test_where_that_fails_each_is_used_alone_and_only_the_bad_one_waits(client, integration):
    with override_settings(SENDERS=f"{__name__}.GATHERING"):
        for word in ("1", "bad", "3"):
            post(client, integration, {"count": word}, **{"X-Delivery": word})
        assert inbox.process_due() == 3
    assert counted("applied") == 2
    waiting = InboundMessage.objects.get(state="waiting")
    assert (waiting.key, waiting.attempts, waiting.outcome) == ("bad", 1, "RuntimeError: on purpose")


KEYED = {
    "event": inbox.Sender(lambda s, b, h: signatures.bearer(s, h), key, parse, apply, one_body_for_each_key=True),
    "line": inbox.Sender(lambda s, b, h: True, key, parse, apply, one_body_for_each_key=True),
}


class TestAnotherBodyUnderAKeyThatWasUsed:
    @pytest.fixture(autouse=True)
    def keyed(self):
        with override_settings(SENDERS=f"{__name__}.KEYED"):
            yield

    def test_it_is_409_and_changes_nothing(self, client, integration):
        post(client, integration, {"count": 1}, **{"X-Delivery": "a"})
        answer = post(client, integration, {"count": 2}, **{"X-Delivery": "a"})
        assert answer.status_code == 409
        assert "'a' came with another body" in answer.json()["detail"]
        assert json.loads(bytes(InboundMessage.objects.get().body)) == {"count": 1}

    def test_the_same_said_in_another_order_is_a_repetition(self, client, integration):
        post(client, integration, '{"count": 1, "at": 2}', **{"X-Delivery": "a"})
        answer = post(client, integration, '{"at":2,"count":1}', **{"X-Delivery": "a"})
        assert (answer.status_code, answer.json()["repeated"]) == (202, True)

    def test_one_line_is_held_to_it_too(self, client, integration):
        send = {"content_type": "application/json", "headers": {"X-Delivery": "a"}}
        assert client.post("/e/s3cret", '{"count": 1}', **send).status_code == 202
        assert client.post("/e/s3cret", '{"count": 2}', **send).status_code == 409


def test_a_sender_that_promises_nothing_is_not_told_of_another_body(client, integration):
    post(client, integration, {"count": 1}, **{"X-Delivery": "a"})
    assert post(client, integration, {"count": 2}, **{"X-Delivery": "a"}).json()["repeated"] is True


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
def test_a_database_that_is_out_of_order_is_503_and_says_when_to_come_again(client, integration, error):
    def refuse(execute, sql, params, many, context):
        raise error("canceling statement due to statement timeout")

    with connection.execute_wrapper(refuse):
        for answer in (post(client, integration, {"count": 1}), client.post("/e/s3cret", "x", "text/plain")):
            assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_an_insert_that_times_out_is_503(client, integration):
    def refuse(execute, sql, params, many, context):
        if "notifications_inboundmessage" in sql:
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        assert post(client, integration, {"count": 1}).status_code == 503
    assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_only_a_post_is_taken(client, integration, method):
    assert getattr(client, method)(integration.path).status_code == 405
    assert getattr(client, method)("/e/s3cret").status_code == 405


@pytest.mark.parametrize("path", ["/hooks/pigeon/6f2b0f5e-58b5-4d0b-9a77-7a2bb1a3b4a2", "/hooks/event/a%00b"])
def test_an_unknown_source_or_key_is_404(client, path):
    assert client.post(path, data="{}", content_type="application/json").status_code == 404


def test_zeros_in_a_key_a_header_or_an_address_do_no_harm(client, integration):
    answer = post(client, integration, {"count": 1}, **{"X-Delivery": "a\x00b", "X-Other": "c\x00d"})
    assert answer.status_code == 202
    assert InboundMessage.objects.get().key == "a\ufffdb"
    assert client.post("/e/a%00b", "x", "text/plain").status_code == 404


class TestWhyItWasRefused:
    def refused(self, integration):
        return list(integration.rejections.order_by("status").values_list("status", "count"))

    def test_refusals_are_counted_by_the_hour_and_nothing_of_them_is_kept(self, client, integration):
        with time_machine.travel("2026-06-01T09:10Z", tick=False):
            for _ in range(3):
                post(client, integration, {"count": 1}, secret="guess")
            post(client, integration, "{")
        assert self.refused(integration) == [(400, 1), (401, 3)]
        malformed = integration.rejections.get(status=400)
        assert "body is b'{'; expected JSON" in malformed.reason
        assert malformed.hour.isoformat() == "2026-06-01T09:00:00+00:00"
        rejections.forget()
        assert self.refused(integration) == []

    def test_a_body_that_is_too_large_counts(self, client, integration):
        client.generic("POST", integration.path, b"{}", CONTENT_LENGTH=str(27 * 1024 * 1024))
        assert self.refused(integration) == [(413, 1)]

    def test_a_request_without_any_proof_is_told_so(self, client, integration):
        answer = client.post(integration.path, "{}", "application/json")
        assert "neither a signature nor a token" in answer.json()["detail"]
        assert answer["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize(("shift", "words"), [(-301, "301 seconds behind"), (4000, "4000 seconds ahead of")])
    def test_a_clock_that_is_wrong_is_named(self, client, integration, shift, words):
        with time_machine.travel("2026-06-01T09:00Z", tick=False):
            stamp = str(int(timezone.now().timestamp()) + shift)
            signed = {"webhook-id": "a", "webhook-timestamp": stamp, "webhook-signature": "v1,AAAA"}
            answer = client.post(integration.path, "{}", "application/json", headers=signed)
        assert answer.status_code == 401
        assert words in answer.json()["detail"]

    def test_the_refusal_stands_where_it_cannot_be_counted(self, client, integration):
        def refuse(execute, sql, params, many, context):
            if "notifications_rejection" in sql:
                raise OperationalError("disk full")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse):
            assert post(client, integration, {"count": 1}, secret="guess").status_code == 401


def test_of_two_secrets_it_is_known_which_is_still_used(client, integration):
    older, newer = integration.secrets.get(), integration.secrets.create(secret="newer")
    with time_machine.travel("2026-06-01T09:00Z", tick=False) as clock:
        post(client, integration, {"count": 1}, secret="newer")
        first = timezone.now()
        clock.shift(30)
        post(client, integration, {"count": 1}, secret="newer")
        newer.refresh_from_db()
        older.refresh_from_db()
        assert (older.last_used_at, newer.last_used_at) == (None, first)
        clock.shift(60)
        post(client, integration, {"count": 1}, secret="newer")
    newer.refresh_from_db()
    assert newer.last_used_at > first


def test_all_that_failed_is_replayed_at_once(integration):
    other = IntegrationFactory(source="event")
    for number, (whose, state) in enumerate([(integration, "failed"), (integration, "done"), (other, "failed")]):
        InboundMessage.objects.create(source="event", integration=whose, key=str(number), body=b"{}", state=state)
    assert inbox.replay_failed(integration) == 1
    assert list(InboundMessage.objects.order_by("key").values_list("state", flat=True)) == ["waiting", "done", "failed"]
