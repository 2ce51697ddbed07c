"""What a tracker says of an issue, read from its answers and its webhooks. Pure; raises `MalformedPayload`.

Shapes: https://docs.github.com/en/rest/issues/issues, https://docs.gitlab.com/api/issues/,
https://developer.atlassian.com/cloud/jira/platform/rest/v2/api-group-issues/ (as Jira Server does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from notifications.payloads import Fields, MalformedPayload, header, read_object, read_time

_DROPPED = re.compile(r"won.?t|not planned|declin|reject|duplicate|cannot reproduce|obsolete", re.IGNORECASE)
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")


@dataclass(frozen=True)
class Seen:
    """An issue as its tracker tells it. `dropped`: closed without being done; `at`: when it last changed there."""

    ref: str
    title: str
    closed: bool
    status: str
    dropped: bool = False
    by: str = ""
    at: datetime | None = None


def github(issue: Fields, ref: str, by: str = "") -> Seen:
    """`by`: who did what a webhook tells; an answer says itself who closed the issue."""
    closed = issue.required_text("state") == "closed"
    why = issue.text("state_reason")
    return Seen(
        ref=ref,
        title=issue.text("title"),
        closed=closed,
        status=f"closed as {why.replace('_', ' ')}" if closed and why else issue.text("state"),
        dropped=closed and why in ("not_planned", "duplicate"),
        by=(issue.object("closed_by").text("login") or by) if closed else "",
        at=issue.time("updated_at"),
    )


def gitlab(issue: Fields, ref: str, by: str = "") -> Seen:
    closed = issue.required_text("state") == "closed"
    closer = issue.object("closed_by").text("name")
    return Seen(
        ref=ref,
        title=issue.text("title"),
        closed=closed,
        status="closed" if closed else "open",
        by=(closer or by) if closed else "",
        at=issue.time("updated_at"),
    )


def jira(issue: Fields, by: str = "") -> Seen:
    fields = issue.object("fields")
    status = fields.object("status")
    closed = status.object("statusCategory").required_text("key") == "done"
    how = fields.object("resolution").text("name")
    return Seen(
        ref=issue.required_text("key").upper(),
        title=fields.text("summary"),
        closed=closed,
        status=", ".join(dict.fromkeys(word for word in (status.text("name"), how if closed else "") if word)),
        dropped=closed and bool(_DROPPED.search(how)),
        by=by if closed else "",
        at=_jira_time(fields.text("updated")),
    )


def told(headers: Mapping[str, str], body: bytes) -> list[Seen]:
    """What a webhook of any of the three says; nothing where it speaks of something else than an issue."""
    payload = read_object(body)
    if kind := header(headers, "X-GitHub-Event"):
        return [_github_told(payload)] if kind == "issues" else []
    if header(headers, "X-Gitlab-Event"):
        return [_gitlab_told(payload)] if payload.text("object_kind") in ("issue", "work_item") else []
    if payload.text("webhookEvent").startswith("jira:issue_"):
        gone = payload.text("webhookEvent") == "jira:issue_deleted"
        return [] if gone else [jira(payload.object("issue"), payload.object("user").text("displayName"))]
    return []


def _github_told(payload: Fields) -> Seen:
    issue = payload.object("issue")
    ref = f"{payload.object('repository').required_text('full_name')}#{issue.identifier('number')}"
    return github(issue, ref, payload.object("sender").text("login"))


def _gitlab_told(payload: Fields) -> Seen:
    issue = payload.object("object_attributes")
    ref = f"{payload.object('project').required_text('path_with_namespace')}#{issue.identifier('iid')}"
    return gitlab(issue, ref, payload.object("user").text("name"))


def _jira_time(text: str) -> datetime | None:
    """`2026-06-01T09:00:00.000+0200`: RFC 3339 but for the colon."""
    try:
        found = read_time(_OFFSET.sub(r"\1:\2", text))
    except MalformedPayload as error:
        raise MalformedPayload("fields.updated", text, "a time") from error
    return found.astimezone(UTC) if found else None
