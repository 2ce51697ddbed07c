"""A 2xx means kept; everything else changes nothing and says why."""

import json
from collections.abc import Mapping

import pytest
from django.test import override_settings

from notifications import inbox, signatures
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
