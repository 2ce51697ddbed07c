"""What PagerDuty's webhooks mean to us."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import MalformedPayload
from telemetry.events import AlertEvent
from telemetry.senders.pagerduty import key, parse


def incident(**fields: Any) -> dict[str, Any]:
    return {
        "id": "Q1ABC",
        "type": "incident",
        "html_url": "https://shop.pagerduty.example/incidents/Q1ABC",
        "number": 12,
        "status": "triggered",
        "incident_key": "disk",
        "created_at": "2026-06-01T09:00:00Z",
        "title": "Disk is full",
        "service": {"id": "PS1", "summary": "Checkout", "type": "service_reference"},
        "teams": [{"id": "PT1", "summary": "Shop"}],
        "priority": None,
        "urgency": "high",
        "escalation_policy": {"summary": "Default"},
        "resolve_reason": None,
    } | fields


def message(kind: str = "incident.triggered", **event: Any) -> bytes:
    envelope = {"id": "01E", "event_type": kind, "resource_type": "incident", "occurred_at": "2026-06-01T09:05:00.250Z"}
    return json.dumps({"event": envelope | {"agent": None, "client": None, "data": incident()} | event}).encode()


def one(kind: str = "incident.triggered", **event: Any) -> AlertEvent:
    [told] = parse({}, message(kind, **event))
    return told


def test_a_triggered_incident_is_read_whole() -> None:
    event = one()
    assert (event.fingerprint, event.status, event.name) == ("Q1ABC", "firing", "Disk is full")
    assert event.starts_at == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert event.told_at == datetime(2026, 6, 1, 9, 5, 0, 250000, tzinfo=UTC)
    assert (event.service_hint, event.severity, event.group_key) == ("Checkout", "high", "Q1ABC")
    assert event.generator_url == "https://shop.pagerduty.example/incidents/Q1ABC"
    assert (event.labels["team"], event.labels["severity"]) == ("Shop", "high")


@pytest.mark.parametrize(
    "kind",
    [
        "acknowledged", "unacknowledged", "escalated", "delegated", "reassigned", "priority_updated", "reopened",
        "service_updated", "something_new",
    ],
)  # fmt: skip
def test_every_event_that_carries_the_incident_tells_how_it_is(kind: str) -> None:
    assert one(f"incident.{kind}", data=incident(status="acknowledged")).status == "firing"


def test_resolved_ends_it_when_that_occurred() -> None:
    event = one("incident.resolved", data=incident(status="resolved"))
    assert (event.status, event.ends_at) == ("resolved", event.told_at)


def test_reopened_is_a_firing_of_its_own() -> None:
    event = one("incident.reopened")
    assert (event.starts_at, event.cycle) == (event.told_at, "01E")
    assert one("incident.triggered").cycle == ""


def test_an_incident_without_its_start_begins_when_it_is_told() -> None:
    event = one(data=incident(created_at=None))
    assert event.starts_at == event.told_at


@pytest.mark.parametrize(
    ("priority", "urgency", "severity"),
    [
        ("P1", "low", "critical"),
        ("P2", "high", "high"),
        ("Sev-3", "high", "medium"),
        ("Critical", "high", "critical"),
        ("", "low", "low"),
        ("P9", "high", "high"),
    ],
)
def test_the_priority_says_how_severe_else_the_urgency(priority: str, urgency: str, severity: str) -> None:
    told = {"summary": priority} if priority else None
    assert one(data=incident(priority=told, urgency=urgency)).severity == severity


@pytest.mark.parametrize(
    "event",
    [
        {"event_type": "pagey.ping", "resource_type": "pagey", "data": {"message": "Hello", "type": "ping"}},
        {"event_type": "incident.annotated", "data": {"type": "incident_note", "id": "N1", "content": "looking"}},
        {"event_type": "incident.responder.added", "data": {"type": "incident_responder", "state": "pending"}},
        {"event_type": "incident.status_update_published", "data": {"type": "incident_status_update"}},
        {"event_type": "incident.workflow.started", "data": {"type": "incident_workflow_instance"}},
        {"event_type": "service.updated", "resource_type": "service", "data": {"type": "service", "id": "PS1"}},
    ],
)
def test_what_does_not_carry_the_incident_is_ignored(event: dict[str, Any]) -> None:
    assert parse({}, message(**event)) == []


def test_what_is_no_event_is_ignored() -> None:
    assert parse({}, b'{"messages": []}') == []


def test_deliveries_are_told_apart_by_both_their_names() -> None:
    assert key({"X-Webhook-Id": "w1"}, message()) == "w1 01E"
    assert key({}, message()) == "01E"
    assert key({"x-webhook-id": "w1"}, b"{}") == "w1"
    assert key({}, b"{}") is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"[]", "body"),
        (message(event_type=""), "event.event_type"),
        (message(occurred_at="then"), "event.occurred_at"),
        (message(data=incident(id=None)), "event.data.id"),
        (b'{"event": 3}', "event"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(body: bytes, field: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        parse({}, body)
    assert caught.value.field == field


@given(
    st.sampled_from(sorted(incident())),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()),
)
def test_no_value_in_any_field_makes_it_fail_otherwise(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        parse({}, message(data=incident(**{field: value})))
