"""What holds for every sender that is registered, also for those that come later."""

import contextlib
import copy
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changes.models import Change, LedgerEntry, PipelineRun
from config.senders import SENDERS
from notifications import inbox
from notifications.models import Event, InboundMessage, IntegrationSecret
from notifications.payloads import MalformedPayload
from oncall.samples import sample, send_sample
from oncall.services.integrations import sources
from telemetry.models import Alert
from tests.config.deliveries import BODIES, body_of, headers
from tests.factories import IntegrationFactory

SOURCES = sorted(sources())
DEEP = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["", "\x00", "\ud800", "x" * 700, 10**30, -1, 0, [], {}, [None], [[]], {"a": None}])
    | st.sampled_from(["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", 253402300800000])
)
BROKEN = {
    "nothing": b"",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "no JSON": b"{",
    "NaN": b'{"a": NaN}',
    "a huge integer": b'{"a": ' + b"9" * 5_000 + b"}",
    "a long number": b'{"id": 1e999}',
    "10,000 levels": DEEP,
    "a list 10,000 deep": b"[" * 10_000,
    "a list": b"[]",
    "a list of numbers": b"[1, 2]",
    "a number": b"1",
    "null": b"null",
    "an empty object": b"{}",
    "NUL": b'{"type": "alert", "title": "\\u0000"}',
    "half a pair": b'{"type": "note", "text": "\\ud800"}',
}


def post(integration, body, secret=None, delivery="delivery-1"):
    secret = secret or integration.secrets.get().secret
    said = dict(headers(integration.source, secret, body, delivery))
    return Client().post(integration.path, body, content_type="application/json", headers=said)


def effects():
    return {
        model.__name__: count for model in (Change, LedgerEntry, PipelineRun, Alert) if (count := model.objects.count())
    }


def settled():
    """Every message that was kept was processed, and none failed."""
    inbox.process_due()
    states = set(InboundMessage.objects.values_list("state", flat=True))
    return states <= {"done", "ignored"} or list(InboundMessage.objects.values_list("source", "outcome"))


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value, itself included."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], by: object) -> Any:
    if not path:
        return by
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = by
    return changed


def read(source: str, said: dict[str, str], body: bytes) -> None:
    """As the intake does: a message is told apart only once it could be read."""
    with contextlib.suppress(MalformedPayload):
        SENDERS[source].parse(said, body)
        key = SENDERS[source].key(said, body)
        assert key is None or (key and "\x00" not in key and key.encode())


def test_every_source_has_a_message_here_and_a_sample():
    assert set(SOURCES) == set(BODIES)
    for source in SOURCES:
        said, body = sample(source, "s3cret", timezone.now())
        assert SENDERS[source].verify(["other", "s3cret"], body, said)
        assert not SENDERS[source].verify(["other"], body, said)


@pytest.mark.parametrize("source", SOURCES)
def test_settings_say_what_to_paste_where(source):
    said = render_to_string(f"oncall/_send_{source}.html", {"url": "https://andon.example/hooks/1", "secret": "s3cret"})
    assert "https://andon.example/hooks/1" in said


@pytest.mark.parametrize("source", [*SOURCES, "line"])
@given(st.binary(), st.booleans(), st.sampled_from(["", "application/x-www-form-urlencoded", "application/json"]))
def test_no_bytes_make_it_fail_other_than_as_malformed(source, body, known, content_type):
    said = dict(headers(source, "s3cret", body)) if known else {}
    read(source, said | {"Content-Type": content_type}, body)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_nothing_that_is_broken_makes_it_fail_otherwise(source, body):
    for said in ({}, dict(headers(source, "s3cret", body))):
        read(source, said, body)


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=150)
@given(st.data())
def test_no_value_in_any_place_makes_it_fail_otherwise(source, data):
    path = data.draw(st.sampled_from(places(BODIES[source])))
    body = json.dumps(replaced(BODIES[source], path, data.draw(ODD))).encode()
    read(source, dict(headers(source, "s3cret", body)), body)


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_accepted_can_be_used(db, source, data):
    path = data.draw(st.sampled_from(places(BODIES[source])))
    body = json.dumps(replaced(BODIES[source], path, data.draw(ODD))).encode()
    InboundMessage.objects.all().delete()
    assert post(IntegrationFactory(source=source), body).status_code in (202, 400)
    assert settled() is True


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
def test_what_is_broken_is_refused_or_ignored_and_never_an_error(source):
    integration = IntegrationFactory(source=source)
    for name, body in BROKEN.items():
        assert post(integration, body, delivery=name).status_code in (202, 400), name
    bare = {"Authorization": f"Bearer {integration.secrets.get().secret}"}
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "?"):
        signed = Client().post(integration.path, body_of(source), content_type=content_type, headers=bare)
        assert signed.status_code in (202, 400, 401), content_type
    assert settled() is True


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
def test_the_sample_of_settings_is_kept_and_weighs_nothing(source):
    integration = IntegrationFactory(source=source)
    assert [send_sample(integration).status_code for _ in range(2)] == [202, 202]  # pressed twice within a second
    assert settled() is True
    assert not Change.objects.exists() and not PipelineRun.objects.exists()
    assert not Alert.objects.filter(status="firing").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
def test_both_live_secrets_are_good_and_no_other(source):
    integration, body = IntegrationFactory(source=source), body_of(source)
    IntegrationSecret.objects.create(integration=integration, secret="the-next-one")
    old = integration.secrets.exclude(secret="the-next-one").get()
    assert post(integration, body, secret="the-next-one").status_code == 202
    assert post(integration, body, secret=old.secret).status_code == 202
    assert post(integration, body, secret="guessed").status_code == 401
    assert Client().post(integration.path, body, content_type="application/json").status_code == 401
    old.retired_at = timezone.now()
    old.save()
    assert post(integration, body, secret=old.secret).status_code == 401


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("source", SOURCES)
def test_five_times_at_once_is_one_effect(source):
    integration, body = IntegrationFactory(source=source), body_of(source)
    secret = integration.secrets.get().secret

    def send(_: int) -> int:
        try:
            return post(integration, body, secret=secret).status_code
        finally:
            connection.close()

    def process(_: int) -> int:
        try:
            return inbox.process_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(send, range(5))) == {202}
        list(pool.map(process, range(3)))
    assert settled() is True
    found = effects()
    assert found and set(found.values()) == {1}
    assert set(Counter(Event.objects.values_list("type", flat=True)).values()) == {1}
