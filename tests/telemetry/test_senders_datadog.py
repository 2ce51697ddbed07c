"""What Datadog's webhooks mean to us, with our template and with those of others."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import MalformedPayload
from telemetry.events import AlertEvent
from telemetry.senders.datadog import parse

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def message(**fields: Any) -> bytes:
    """Our template, filled in."""
    filled = {
        "alert_cycle_key": "123456",
        "alert_transition": "Triggered",
        "alert_status": "disk over host:web-1 was > 90",
        "alert_type": "error",
        "title": "[P1] [Triggered on {host:web-1}] Disk is full",
        "alert_title": "[Triggered on {host:web-1}] Disk is full",
        "body": "Disk is full on web-1",
        "tags": "env:production,service:checkout,version:4f2a1c,urgent",
        "scopes": "host:web-1",
        "hostname": "web-1",
        "severity": "P1",
        "priority": "normal",
        "date": str(int(AT.timestamp() * 1000)),
        "last_updated": str(int(AT.timestamp() * 1000)),
        "url": "https://app.datadoghq.example/event/1",
        "id": "777",
        "monitor_id": "42",
        "alert_query": "avg:disk{*} > 90",
        "org": {"id": "1", "name": "Acme"},
    }
    return json.dumps(filled | fields).encode()


def one(**fields: Any) -> AlertEvent:
    [event] = parse({}, message(**fields), NOW)
    return event


def test_a_triggered_monitor_is_read_whole() -> None:
    event = one()
    assert (event.status, event.name, event.severity) == ("firing", "Disk is full", "critical")
    assert (event.starts_at, event.told_at, event.cycle) == (AT, AT, "123456")
    assert (event.service_hint, event.environment, event.revision) == ("checkout", "production", "4f2a1c")
    assert (event.labels["host"], event.labels["urgent"], event.labels["priority"]) == ("web-1", "true", "P1")
    assert event.generator_url == "https://app.datadoghq.example/event/1"
    assert event.annotations["query"] == "avg:disk{*} > 90"


@pytest.mark.parametrize(
    ("transition", "status"),
    [(word, "firing") for word in ("Triggered", "Re-Triggered", "Warn", "Re-Warn", "No Data", "Re-No Data", "Renotify")]
    + [(word, "resolved") for word in ("Recovered", "Warn Recovered", "No Data Recovered")],
)
def test_transitions(transition: str, status: str) -> None:
    event = one(alert_transition=transition)
    assert event.status == status
    assert (event.ends_at is not None) == (status == "resolved")


def test_a_warning_is_one_whatever_the_priority() -> None:
    assert one(alert_transition="Warn").severity == "warning"


def test_without_a_priority_the_type_says_how_severe() -> None:
    assert one(severity="$ALERT_PRIORITY").severity == "error"


def test_groups_of_a_monitor_are_alerts_of_their_own_and_their_order_does_not_matter() -> None:
    assert one(scopes="host:a,env:x").fingerprint == one(scopes="env:x, host:a").fingerprint
    assert one(scopes="host:a").fingerprint != one(scopes="host:b").fingerprint
    assert one(scopes="*").fingerprint == one(scopes="").fingerprint != one(monitor_id="43", scopes="").fingerprint


def test_what_was_not_filled_in_is_absent() -> None:
    event = one(
        alert_cycle_key="$ALERT_CYCLE_KEY", tags="$TAGS", scopes="$ALERT_SCOPE", hostname="$HOSTNAME", date="$DATE",
        last_updated="$LAST_UPDATED", url="$LINK", alert_metric="$ALERT_METRIC",
    )  # fmt: skip
    assert (event.cycle, event.service_hint, event.told_at, event.generator_url) == ("", None, NOW, "")
    assert not [value for value in event.labels.values() if value.startswith("$")]


def test_a_template_that_was_not_filled_in_at_all_is_ignored() -> None:
    page = render_to_string("oncall/_send_datadog.html", {"url": "x", "secret": "s"}).replace("&quot;", '"')
    template = page[page.index("{\n") : page.index("</pre>")]
    assert "$ALERT_CYCLE_KEY" in template
    assert parse({}, template.encode(), NOW) == []


def test_our_template_has_every_field_that_is_read() -> None:
    page = render_to_string("oncall/_send_datadog.html", {"url": "x", "secret": "s"}).replace("&quot;", '"')
    template = json.loads(page[page.index("{\n") : page.index("</pre>")])
    assert set(json.loads(message())) <= set(template)


def test_an_event_of_no_monitor_is_ignored() -> None:
    assert parse({}, message(alert_transition="", alert_type="info"), NOW) == []


def test_a_transition_yet_unknown_is_told_by_the_type() -> None:
    assert one(alert_transition="Escalated", alert_type="warning").status == "firing"
    assert one(alert_transition="Calmed", alert_type="success").status == "resolved"


def test_a_template_with_the_alert_inside_is_understood() -> None:
    body = {
        "title": "Disk is full",
        "tags": ["service:checkout"],
        "alert": {"id": 42, "transition": "Triggered", "type": "error", "scope": "host:a", "priority": "P2"},
    }
    [event] = parse({}, json.dumps(body).encode(), NOW)
    assert (event.status, event.severity, event.service_hint) == ("firing", "high", "checkout")
    assert event.labels["monitor_id"] == "42"


@pytest.mark.parametrize(("body", "field"), [(b"[]", "body"), (message(date="soon"), "date")])
def test_a_field_that_cannot_be_read_is_named(body: bytes, field: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse({}, body, NOW)
    assert caught.value.field == field


@given(
    st.sampled_from([*sorted(json.loads(message())), "alert"]),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()),
)
def test_no_value_in_any_field_makes_it_fail_otherwise(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        parse({}, message(**{field: value}), NOW)
