"""Asking a tracker: what of this issue, who are we there, and is our link left on it? HTTP only, no database.

All raise `HttpError` where there is no useful answer and `MalformedPayload` where the answer makes no sense.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import quote

from notifications.http import Client, HttpError
from notifications.payloads import Fields, MalformedPayload, read_json, read_object
from postmortems.trackers import seen
from postmortems.trackers.seen import Seen

CLOCKS_DIFFER = timedelta(minutes=10)
MOST_PAGES = 5
PAGE = 100


class Access(Protocol):
    """A tracker and what opens it."""

    kind: str
    api_url: str
    account: str
    token: str


@dataclass(frozen=True)
class Link:
    """What is left on an issue: the address of our action, with its number; nothing of what it says."""

    number: int
    url: str
    since: datetime


def read(client: Client, access: Access, ref: str, known_at: datetime | None = None) -> Seen | None:
    """The issue as it is; None where it has not changed since `known_at`, which GitHub alone is asked for."""
    where = _issue(access, ref)
    headers = _headers(access)
    if access.kind == "github" and known_at:
        headers["If-Modified-Since"] = format_datetime(known_at - CLOCKS_DIFFER, usegmt=True)
    try:
        body = client.get(where, headers=headers).body
    except HttpError as error:
        if error.status == 304:
            return None
        raise
    issue = read_object(body)
    match access.kind:
        case "github":
            return seen.github(issue, ref)
        case "gitlab":
            return seen.gitlab(issue, ref)
    return seen.jira(issue)


def leave_link(client: Client, access: Access, ref: str, link: Link) -> None:
    """Leave the link unless it is there: also after an answer that was lost, it stands there once."""
    where, headers = _issue(access, ref), _headers(access)
    if access.kind == "jira":
        title = f"Andon A{link.number}"
        remote = {"globalId": link.url, "application": {"name": "Andon"}, "object": {"url": link.url, "title": title}}
        client.post(f"{where.partition('?')[0]}/remotelink", json=remote, headers=headers)
        return
    remarks = f"{where}/{'comments' if access.kind == 'github' else 'notes'}"
    if not any(link.url in body for body in _bodies(client, access, remarks, link.since)):
        text = f"An action in Andon is tracked by this issue: [A{link.number}]({link.url})."
        client.post(remarks, json={"body": text}, headers=headers)


def who(client: Client, access: Access) -> str:
    """As whom we read there: `read as ana`."""
    if not access.token:
        client.get({"github": f"{access.api_url}/rate_limit"}.get(access.kind, _public(access)))
        return "It answers. Without a token only what is public is read, and no link is left on issues."
    path = {"github": "/user", "gitlab": "/user", "jira": "/myself"}[access.kind]
    me = read_object(client.get(f"{access.api_url}{path}", headers=_headers(access)).body)
    name = me.text({"github": "login", "gitlab": "username", "jira": "displayName"}[access.kind])
    return f"It answers, and knows us as {name or 'somebody without a name'}."


def _public(access: Access) -> str:
    return f"{access.api_url}/projects?per_page=1" if access.kind == "gitlab" else f"{access.api_url}/serverInfo"


def _bodies(client: Client, access: Access, remarks: str, since: datetime) -> Iterator[str]:
    """What was said on the issue since then, page by page."""
    asked = {"since": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if access.kind == "github" else {"sort": "desc"}
    for page in range(1, MOST_PAGES + 1):
        params = asked | {"per_page": str(PAGE), "page": str(page)}
        said = read_json(client.get(remarks, params=params, headers=_headers(access)).body)
        if not isinstance(said, list):
            raise MalformedPayload("body", said, "a list of comments")
        yield from (Fields(one).text("body") for one in said if isinstance(one, dict))
        if len(said) < PAGE:
            return


def _issue(access: Access, ref: str) -> str:
    if access.kind == "jira":
        return f"{access.api_url}/issue/{quote(ref, safe='')}?fields=summary,status,resolution,updated"
    project, _, number = ref.rpartition("#")
    if access.kind == "github":
        return f"{access.api_url}/repos/{quote(project)}/issues/{number}"
    return f"{access.api_url}/projects/{quote(project, safe='')}/issues/{number}"


def _headers(access: Access) -> dict[str, str]:
    if access.kind == "github":
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        return headers | ({"Authorization": f"Bearer {access.token}"} if access.token else {})
    headers = {"Accept": "application/json"}
    if not access.token:
        return headers
    if access.kind == "gitlab":
        return headers | {"PRIVATE-TOKEN": access.token}
    if access.account:
        basic = b64encode(f"{access.account}:{access.token}".encode()).decode("ascii")
        return headers | {"Authorization": f"Basic {basic}"}
    return headers | {"Authorization": f"Bearer {access.token}"}
