"""Sentry's integration platform: alerts of rules and metrics, and issues that come and go.

Shapes: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/. What a message is about stands
in `Sentry-Hook-Resource`. Issue alerts and the issue itself are one alert, known by the issue: Sentry tells of no end
of an issue alert other than that its issue is resolved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from notifications.payloads import Fields, header, read_object, read_time
from telemetry.events import AlertEvent, AlertStatus
from telemetry.senders.reading import ENVIRONMENT_LABELS, first, pairs, said

_METRIC: dict[str, AlertStatus] = {"critical": "firing", "warning": "firing", "resolved": "resolved"}
_ISSUE: dict[str, AlertStatus] = {
    "created": "firing",
    "unresolved": "firing",
    "resolved": "resolved",
    "ignored": "resolved",  # somebody decided that it need not be heard of
    "archived": "resolved",
}
_LEVELS = {"fatal": "critical"}
_PROJECT = re.compile(r"/projects/[^/]+/([^/]+)/")


def parse(headers: Mapping[str, str], body: bytes, received_at: datetime) -> list[AlertEvent]:
    """At most one alert; nothing for comments, installations, single errors and the like. Raises `MalformedPayload`."""
    payload = read_object(body)
    action, data = payload.text("action").lower(), payload.object("data")
    at = read_time(header(headers, "Sentry-Hook-Timestamp"), "Sentry-Hook-Timestamp") or received_at
    match header(headers, "Sentry-Hook-Resource").strip().lower() or _resource(data):
        case "event_alert" if "event" in data:
            return [_event_alert(data, at)]
        case "metric_alert" if action in _METRIC:
            return [_metric_alert(data, action, at)]
        case "issue" if action in _ISSUE:
            return [_issue(data.object("issue"), action, at)]
    return []


def _resource(data: Fields) -> str:
    """What the message is about, by what it carries, where a proxy has dropped the header."""
    carried = (("event", "event_alert"), ("metric_alert", "metric_alert"), ("issue", "issue"))
    return next((resource for key, resource in carried if key in data), "")


def _event_alert(data: Fields, at: datetime) -> AlertEvent:
    """Every time its rule is met is a firing of its own, and ends the one before."""
    event = data.object("event")
    tags = pairs(event.values.get("tags"))
    rule = data.text("triggered_rule") or said(data.object("issue_alert").values.get("title"))
    level = said(event.values.get("level")) or tags.get("level", "") or "error"
    began = event.time("datetime") or event.time("timestamp") or event.time("received") or at
    project = _project(event)
    title = said(event.values.get("title")) or said(event.object("metadata").values.get("title")) or rule
    issue = said(event.values.get("issue_id")) or said(event.values.get("groupID"))
    identity = issue or event.identifier("event_id")
    labels = tags | {"level": level, "severity": _LEVELS.get(level, level), "project": project, "rule": rule}
    return AlertEvent(
        fingerprint=f"issue:{identity}",
        status="firing",
        starts_at=began,
        name=rule or title,
        summary=title or rule,
        severity=labels["severity"],
        environment=said(event.values.get("environment")) or first(tags, ENVIRONMENT_LABELS),
        service_hint=tags.get("service") or project or None,
        revision=_release(event.values.get("release")) or tags.get("release", ""),
        labels=_filled(labels),
        annotations=_filled({name: said(event.values.get(name)) for name in ("culprit", "event_id", "platform")}),
        generator_url=said(event.values.get("web_url")),
        group_key=f"issue:{identity}",
        told_at=max(began, at),
        cycle=said(event.values.get("event_id")) or began.isoformat(),
    )


def _metric_alert(data: Fields, action: str, at: datetime) -> AlertEvent:
    alert, status = data.object("metric_alert"), _METRIC[action]
    rule = alert.object("alert_rule")
    projects = alert.values.get("projects") or rule.values.get("projects")
    project = said(projects[0]) if isinstance(projects, list) and projects else ""
    name = said(rule.values.get("name")) or said(alert.values.get("title")) or data.text("description_title")
    began = alert.time("date_started") or alert.time("date_detected") or alert.time("date_created") or at
    labels = {
        "alertname": name,
        "severity": "" if status == "resolved" else action,
        "project": project,
        "environment": said(rule.values.get("environment")),
    }
    return AlertEvent(
        fingerprint=f"metric:{alert.identifier('id')}",
        status=status,
        starts_at=min(began, at),
        ends_at=max(alert.time("date_closed") or at, began) if status == "resolved" else None,
        name=name,
        summary=data.text("description_title") or said(alert.values.get("title")) or name,
        severity=labels["severity"],
        environment=labels["environment"],
        service_hint=project or None,
        labels=_filled(labels),
        annotations=_filled({"description": data.text("description_text"), "query": said(rule.values.get("query"))}),
        generator_url=data.text("web_url"),
        group_key=f"metric:{alert.identifier('id')}",
        told_at=at,
    )


def _issue(issue: Fields, action: str, at: datetime) -> AlertEvent:
    """No rule asked for it, so it has no severity by which it would page; rules may go by its `level`."""
    status, project = _ISSUE[action], issue.object("project")
    tags = pairs(issue.values.get("tags"))
    slug, level = said(project.values.get("slug")) or said(project.values.get("name")), said(issue.values.get("level"))
    began = (issue.time("firstSeen") if action == "created" else None) or at
    title = said(issue.values.get("title")) or said(issue.values.get("shortId"))
    labels = tags | {"level": level, "project": slug, "issue": said(issue.values.get("shortId")), "action": action}
    return AlertEvent(
        fingerprint=f"issue:{issue.identifier('id')}",
        status=status,
        starts_at=min(began, at),
        ends_at=at if status == "resolved" else None,
        name=title,
        summary=title,
        environment=first(tags, ENVIRONMENT_LABELS),
        service_hint=tags.get("service") or slug or None,
        revision=_release(issue.values.get("firstRelease")) or tags.get("release", ""),
        labels=_filled(labels),
        annotations=_filled({"culprit": said(issue.values.get("culprit"))}),
        generator_url=_link(issue),
        group_key=f"issue:{issue.identifier('id')}",
        told_at=at,
    )


def _link(issue: Fields) -> str:
    """The link of an issue has changed its name between versions of Sentry."""
    links = (said(issue.values.get(name)) for name in ("web_url", "permalink", "html_url"))
    return next(filter(None, links), "")


def _project(event: Fields) -> str:
    """The slug: an event names its project by a number, and its API address by the slug."""
    named = said(event.values.get("project_slug")) or said(event.values.get("project_name"))
    found = _PROJECT.search(said(event.values.get("url")))
    told = said(event.values.get("project"))
    return named or (found[1] if found else "") or ("" if told.isdecimal() else told)


def _release(value: object) -> str:
    return said(value.get("version")) if isinstance(value, dict) else said(value)


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
