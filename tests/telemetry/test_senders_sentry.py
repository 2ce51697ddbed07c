"""What Sentry's webhooks mean to us."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.payloads import MalformedPayload
from telemetry.events import AlertEvent
from telemetry.senders.sentry import parse

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
SENT = {"Sentry-Hook-Timestamp": "1780305600"}  # 2026-06-01 09:20 UTC
anything = (
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
)


def told(resource: str, action: str, data: dict[str, Any], **headers: str) -> list[AlertEvent]:
    body = json.dumps({"action": action, "data": data, "installation": {"uuid": "u"}}).encode()
    return parse({"Sentry-Hook-Resource": resource} | headers, body, NOW)


def error(**fields: Any) -> dict[str, Any]:
    return {
        "event_id": "e1",
        "project": 4500,
        "url": "https://sentry.example/api/0/projects/acme/checkout-web/events/e1/",
        "web_url": "https://sentry.example/organizations/acme/issues/99/events/e1/",
        "issue_id": "99",
        "title": "TypeError: undefined is not a function",
        "level": "error",
        "release": "checkout@4f2a1c",
        "environment": "production",
        "datetime": "2026-06-01T09:15:00.123000Z",
        "culprit": "pay in submit",
        "tags": [["level", "error"], ["browser", "Chrome 137"]],
    } | fields


def rule_met(rule: str = "Errors in production", **fields: Any) -> AlertEvent:
    [event] = told("event_alert", "triggered", {"event": error(**fields), "triggered_rule": rule}, **SENT)
    return event


def issue(action: str, **fields: Any) -> list[AlertEvent]:
    known = {
        "id": "99",
        "shortId": "SHOP-1",
        "title": "TypeError: undefined is not a function",
        "level": "error",
        "status": "unresolved",
        "project": {"id": "1", "slug": "checkout-web", "name": "Checkout"},
        "permalink": "https://sentry.example/organizations/acme/issues/99/",
        "firstSeen": "2026-06-01T09:00:00Z",
        "lastSeen": "2026-06-01T09:10:00Z",
    }
    return told("issue", action, {"issue": known | fields}, **SENT)


def metric(action: str, **fields: Any) -> AlertEvent:
    alert = {
        "id": "7",
        "alert_rule": {"name": "Too many errors", "projects": ["checkout-web"], "environment": "production"},
        "date_started": "2026-06-01T09:12:00Z",
        "date_closed": "2026-06-01T09:18:00Z" if action == "resolved" else None,
        "title": "Too many errors",
    }
    words = {"description_title": "Critical: Too many errors", "description_text": "1000 events in 10 minutes"}
    [event] = told(
        "metric_alert", action, words | {"web_url": "https://s.example/7", "metric_alert": alert | fields}, **SENT
    )
    return event


def test_a_rule_that_was_met_is_an_alert_with_the_release() -> None:
    event = rule_met()
    assert (event.fingerprint, event.status, event.name) == ("issue:99", "firing", "Errors in production")
    assert (event.revision, event.environment, event.severity) == ("checkout@4f2a1c", "production", "error")
    assert (event.service_hint, event.summary) == ("checkout-web", "TypeError: undefined is not a function")
    assert event.starts_at == datetime(2026, 6, 1, 9, 15, 0, 123000, tzinfo=UTC)
    assert event.told_at == datetime(2026, 6, 1, 9, 20, tzinfo=UTC)
    assert event.labels["browser"] == "Chrome 137"
    assert event.cycle == "e1"


@pytest.mark.parametrize(
    ("fields", "release"),
    [
        ({"release": {"version": "1.2"}}, "1.2"),
        ({"release": None, "tags": [["release", "1.3"]]}, "1.3"),
        ({"release": None, "tags": [{"key": "release", "value": "1.4"}]}, "1.4"),
        ({"release": None, "tags": None}, ""),
    ],
)
def test_the_release_stands_in_several_places(fields: dict[str, Any], release: str) -> None:
    assert rule_met(**fields).revision == release


def test_a_tag_names_the_service_before_the_project_does() -> None:
    assert rule_met(tags=[["service", "payments"]]).service_hint == "payments"
    assert rule_met(url=None).service_hint is None
    assert rule_met(url=None, project="checkout").service_hint == "checkout"


def test_a_fatal_error_is_critical() -> None:
    assert rule_met(level="fatal").severity == "critical"


def test_without_the_rule_its_name_is_that_of_the_error() -> None:
    assert rule_met(rule="").name == "TypeError: undefined is not a function"


@pytest.mark.parametrize(("action", "severity"), [("critical", "critical"), ("warning", "warning")])
def test_a_metric_alert_fires_since_it_started(action: str, severity: str) -> None:
    event = metric(action)
    assert (event.fingerprint, event.status, event.severity) == ("metric:7", "firing", severity)
    assert event.starts_at == datetime(2026, 6, 1, 9, 12, tzinfo=UTC)
    assert (event.service_hint, event.name, event.environment) == ("checkout-web", "Too many errors", "production")


def test_a_metric_alert_is_over_when_it_was_closed() -> None:
    event = metric("resolved")
    assert (event.status, event.ends_at) == ("resolved", datetime(2026, 6, 1, 9, 18, tzinfo=UTC))


def test_where_sentry_names_no_time_it_is_that_of_arrival() -> None:
    [event] = told("metric_alert", "critical", {"metric_alert": {"id": 7, "title": "Slow"}})
    assert (event.starts_at, event.told_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("created", "firing"),
        ("unresolved", "firing"),
        ("resolved", "resolved"),
        ("ignored", "resolved"),
        ("archived", "resolved"),
    ],
)
def test_an_issue_comes_and_goes(action: str, status: str) -> None:
    [event] = issue(action)
    assert (event.fingerprint, event.status, event.service_hint) == ("issue:99", status, "checkout-web")
    assert event.severity == ""  # nobody has made a rule of it
    assert event.labels["level"] == "error"


def test_a_new_issue_began_when_it_was_first_seen_and_one_that_came_back_now() -> None:
    assert issue("created")[0].starts_at == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert issue("unresolved")[0].starts_at == datetime(2026, 6, 1, 9, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("resource", "action"),
    [("issue", "assigned"), ("comment", "created"), ("installation", "deleted"), ("error", "created"), ("seer", "x")],
)
def test_what_is_no_alert_is_ignored(resource: str, action: str) -> None:
    assert told(resource, action, {"issue": {"id": "1"}, "error": {}}) == []


def test_without_the_header_the_body_says_what_it_is_about() -> None:
    body = json.dumps({"action": "triggered", "data": {"event": error()}}).encode()
    [event] = parse({}, body, NOW)
    assert event.fingerprint == "issue:99"


@pytest.mark.parametrize(
    ("resource", "data", "field"),
    [
        ("issue", {"issue": {}}, "data.issue.id"),
        ("metric_alert", {"metric_alert": {"id": 1, "date_started": "x"}}, "data.metric_alert.date_started"),
        ("event_alert", {"event": {"title": "x"}}, "data.event.event_id"),
        ("event_alert", {"event": 3}, "data.event"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(resource: str, data: dict[str, Any], field: str) -> None:
    with pytest.raises(MalformedPayload) as caught:
        told(resource, "critical" if resource == "metric_alert" else "created", data)
    assert caught.value.field == field


@given(st.sampled_from(sorted(error())), anything)
def test_no_value_in_any_field_makes_it_fail_otherwise(field: str, value: object) -> None:
    with contextlib.suppress(MalformedPayload):
        assert rule_met(**{field: value}).dedup_key
