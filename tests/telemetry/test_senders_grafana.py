"""What Grafana's webhooks mean to us: unified alerting, and the legacy one."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import MalformedPayload
from notifications.signatures import grafana as verified
from notifications.signatures import sign_hex
from telemetry.events import AlertEvent
from telemetry.senders.grafana import parse

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
anything = (
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
)


def alert(**fields: Any) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": "HighLatency", "service": "checkout", "severity": "critical", "env": "production"},
        "annotations": {"summary": "p99 above 2 s", "runbook_url": "https://runbooks.example/latency"},
        "startsAt": "2026-06-01T11:00:00.123456789+02:00",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://grafana.example/alerting/grafana/abc/view",
        "fingerprint": "0a1b2c3d4e5f6071",
        "silenceURL": "https://grafana.example/alerting/silence/new",
        "dashboardURL": "https://grafana.example/d/shop",
        "panelURL": "https://grafana.example/d/shop?viewPanel=4",
        "values": {"B": 2.5, "C": 1},
        "valueString": "[ var='B' value=2.5 ]",
        "orgId": 1,
    } | fields


def delivery(*alerts: Any, **group: Any) -> bytes:
    return json.dumps(
        {"receiver": "andon", "groupKey": "{}:{}", "status": "firing"} | group | {"alerts": alerts}
    ).encode()


def one(**fields: Any) -> AlertEvent:
    [event] = parse({}, delivery(alert(**fields)), NOW)
    return event


def legacy(**fields: Any) -> bytes:
    rule = {
        "title": "[Alerting] Disk is full",
        "ruleId": 7,
        "ruleName": "Disk is full",
        "ruleUrl": "https://grafana.example/d/disk?tab=alert",
        "state": "alerting",
        "message": "sda1 is at 97 %",
        "orgId": 2,
        "tags": {"severity": "critical"},
        "evalMatches": [
            {"metric": "disk{host=a}", "value": 97, "tags": {"job": "node", "host": "a"}},
            {"metric": "disk{host=b}", "value": 98.5, "tags": {"job": "node", "host": "b"}},
        ],
    }
    return json.dumps(rule | fields).encode()


def test_a_firing_alert_is_read_with_its_links_and_values() -> None:
    event = one()
    assert (event.fingerprint, event.status, event.name) == ("0a1b2c3d4e5f6071", "firing", "HighLatency")
    assert event.starts_at == datetime(2026, 6, 1, 9, 0, 0, 123456, tzinfo=UTC)
    assert (event.ends_at, event.told_at) == (None, None)
    assert (event.severity, event.service_hint, event.environment) == ("critical", "checkout", "production")
    assert event.annotations["values"] == "B = 2.5, C = 1"
    assert event.annotations["silenceURL"] == "https://grafana.example/alerting/silence/new"
    assert event.generator_url == "https://grafana.example/alerting/grafana/abc/view"


def test_a_resolved_one_has_an_end() -> None:
    event = one(status="resolved", endsAt="2026-06-01T09:10:00Z")
    assert (event.status, event.ends_at) == ("resolved", datetime(2026, 6, 1, 9, 10, tzinfo=UTC))


def test_before_version_9_there_are_no_values_but_a_line_of_them() -> None:
    assert one(values=None).annotations["values"] == "[ var='B' value=2.5 ]"
    assert "values" not in one(values=None, valueString="").annotations


def test_a_link_that_leads_nowhere_gives_way_to_the_panel() -> None:
    assert one(generatorURL="?orgId=1").generator_url == "https://grafana.example/d/shop?viewPanel=4"


def test_an_alert_without_a_start_speaks_of_what_fires() -> None:
    event = one(startsAt="0001-01-01T00:00:00Z")
    assert (event.starts_at, event.told_at) == (NOW, NOW)


def test_labels_that_are_no_text_are_read_as_text() -> None:
    assert one(labels={"alertname": "A", "port": 80, "up": True, "parts": [1]}).labels == {
        "alertname": "A",
        "port": "80",
        "up": "true",
    }


def test_an_alert_told_twice_in_one_delivery_is_one() -> None:
    assert len(parse({}, delivery(alert(), alert(), alert(fingerprint="ff")), NOW)) == 2


def test_a_legacy_rule_is_an_alert_that_begins_when_it_is_told() -> None:
    [event] = parse({}, legacy(), NOW)
    assert (event.fingerprint, event.status, event.name) == ("rule:2:7", "firing", "Disk is full")
    assert (event.starts_at, event.told_at, event.severity) == (NOW, NOW, "critical")
    assert event.service_hint == "node"  # what all series share
    assert "host" not in event.labels
    assert event.annotations["values"] == "disk{host=a} = 97, disk{host=b} = 98.5"
    assert (event.summary, event.generator_url) == ("sda1 is at 97 %", "https://grafana.example/d/disk?tab=alert")


@pytest.mark.parametrize(
    ("state", "status"),
    [("alerting", "firing"), ("no_data", "firing"), ("ok", "resolved"), ("paused", "resolved")],
)
def test_legacy_states(state: str, status: str) -> None:
    [event] = parse({}, legacy(state=state), NOW)
    assert event.status == status


@pytest.mark.parametrize("state", ["pending", "unknown", ""])
def test_a_legacy_state_that_is_neither_is_ignored(state: str) -> None:
    assert parse({}, legacy(state=state), NOW) == []


def test_the_oldest_shape_has_other_names_and_no_tags() -> None:
    body = json.dumps(
        {
            "title": "[OK] Load",
            "ruleId": 3,
            "ruleName": "Load",
            "state": "ok",
            "rule_url": "http://g.example/a",
            "tags": None,
        }
    )
    [event] = parse({}, body.encode(), NOW)
    assert (event.fingerprint, event.status, event.generator_url) == ("rule:1:3", "resolved", "http://g.example/a")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{}", "alerts is missing; expected a list of alerts (Grafana's webhook)"),
        (delivery(alert(status="loud")), "alerts[0].status is 'loud'; expected firing or resolved"),
        (delivery(alert(startsAt="soon")), "alerts[0].startsAt is 'soon'"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(body: bytes, message: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse({}, body, NOW)
    assert str(caught.value).startswith(message)


def test_the_signature_is_of_the_body_or_of_a_time_and_the_body() -> None:
    body, name = delivery(alert()), "X-Grafana-Alerting-Signature"
    timed = sign_hex("s", b"1780000000:" + body)
    assert verified(["s"], body, {name: sign_hex("s", body)})
    assert verified(["old", "s"], body, {name: timed, "X-Any-Name": "1780000000"})
    assert not verified(["s"], body, {name: timed})
    assert not verified(["s"], body, {name: timed, "X-Any-Name": "1780000001"})
    assert not verified(["s"], body + b" ", {name: sign_hex("s", body)})
    assert not verified([""], body, {name: sign_hex("", body)})
    assert not verified(["s"], body, {})


@given(st.sampled_from(sorted(alert())), anything)
def test_no_value_in_any_field_makes_it_fail_otherwise(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        assert one(**{field: value}).dedup_key


@given(st.sampled_from(["ruleId", "state", "tags", "evalMatches", "message", "orgId", "ruleUrl", "title"]), anything)
def test_nor_in_any_field_of_a_legacy_message(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        parse({}, legacy(**{field: value}), NOW)
