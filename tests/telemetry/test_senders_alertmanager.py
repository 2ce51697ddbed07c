"""What Alertmanager's deliveries mean to us."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import MalformedPayload
from telemetry.events import AlertEvent
from telemetry.senders.alertmanager import fingerprint, parse


def alert(**fields: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {
            "alertname": "HighErrors",
            "service": "checkout",
            "severity": "critical",
            "env": "production",
        },
        "annotations": {"summary": "Errors above 5 %"},
        "startsAt": "2026-06-01T09:00:00.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph",
        "fingerprint": "0a1b2c3d4e5f6071",
    } | fields


def delivery(*alerts: Any) -> bytes:
    group = {
        "version": "4",
        "groupKey": '{}:{alertname="HighErrors"}',
        "receiver": "andon",
        "truncatedAlerts": 0,
    }
    return json.dumps(group | {"alerts": list(alerts)}).encode()


def one(**fields: Any) -> AlertEvent:
    [event] = parse({}, delivery(alert(**fields)))
    return event


def test_a_firing_alert_is_read_whole() -> None:
    sent = alert()
    assert one() == AlertEvent(
        fingerprint="0a1b2c3d4e5f6071",
        status="firing",
        starts_at=datetime(2026, 6, 1, 9, 0, 0, 123456, tzinfo=UTC),
        ends_at=None,
        name="HighErrors",
        summary="Errors above 5 %",
        severity="critical",
        environment="production",
        service_hint="checkout",
        labels=sent["labels"],
        annotations=sent["annotations"],
        generator_url="https://prometheus.example/graph",
        group_key='{}:{alertname="HighErrors"}',
        receiver="andon",
    )


def test_a_resolved_alert_has_an_end() -> None:
    ended = one(status="resolved", endsAt="2026-06-01T09:30:00Z")
    assert ended.ends_at == datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def test_the_end_of_a_firing_alert_is_only_a_time_out_and_not_believed() -> None:
    assert one(endsAt="2026-06-01T09:30:00Z").ends_at is None


def test_repetitions_of_one_state_share_a_key_and_other_states_do_not() -> None:
    keys = {
        one().dedup_key,
        one(annotations={}, startsAt="2026-06-01T11:00:00.123456789+02:00").dedup_key,
        one(status="resolved").dedup_key,
        one(startsAt="2026-06-02T09:00:00Z").dedup_key,
        one(fingerprint="ff").dedup_key,
    }
    assert len(keys) == 4


def test_an_alert_told_twice_in_one_delivery_is_one() -> None:
    assert len(parse({}, delivery(alert(), alert(), alert(fingerprint="ff")))) == 2


@pytest.mark.parametrize(
    ("labels", "hint"),
    [
        ({"service": "a", "app": "b", "job": "c"}, "a"),
        ({"app": "b", "job": "c"}, "b"),
        ({"service": "", "job": "c"}, "c"),
        ({"instance": "host:9090"}, None),
    ],
)
def test_the_service_is_looked_for_in_service_app_and_job(labels: dict[str, str], hint: str | None) -> None:
    assert one(labels=labels).service_hint == hint


def test_the_release_is_looked_for_in_labels_then_annotations() -> None:
    assert one(labels={"release": "4f2a1c"}).revision == "4f2a1c"
    assert one(annotations={"revision": "4f2a1c"}).revision == "4f2a1c"


def test_without_a_summary_the_name_is_the_summary() -> None:
    assert one(annotations={}).summary == "HighErrors"


def test_an_alert_without_a_fingerprint_gets_one_from_its_labels() -> None:
    assert one(fingerprint="").fingerprint == fingerprint(alert()["labels"])
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint({"a": "1b", "": "2"}) != fingerprint({"a": "1", "b": "2"})


def test_two_thousand_alerts_of_one_post_are_two_thousand_events() -> None:
    body = delivery(*(alert(fingerprint=f"{number:016x}") for number in range(2000)))
    assert len(parse({}, body)) == 2000


def test_an_empty_group_is_no_alert() -> None:
    assert parse({}, delivery()) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{}", "alerts is missing; expected a list of alerts"),
        (b'{"alerts": {}}', "alerts is an object; expected a list of objects"),
        (delivery(3), "alerts[0] is 3; expected an object"),
        (delivery(alert(status="pending")), "alerts[0].status is 'pending'; expected firing or resolved"),
        (
            delivery(alert(), alert(startsAt="0001-01-01T00:00:00Z")),
            "alerts[1].startsAt is '0001-01-01T00:00:00Z'",
        ),
        (delivery(alert(labels={"pod": 3})), "alerts[0].labels.pod is 3; expected text"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(body: bytes, message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse({}, body)
    assert str(caught.value).startswith(message)


@given(st.binary())
def test_no_bytes_make_it_fail_otherwise(body: bytes) -> None:
    with contextlib.suppress(MalformedPayload):
        parse({}, body)


@given(
    st.sampled_from(sorted(alert())),
    st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.text()),
)
def test_no_value_in_any_field_makes_it_fail_otherwise(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        assert one(**{field: value}).dedup_key
