"""Which issue an address leads to, and which tracker it belongs to. Pure.

An issue is known by a reference within its tracker: `owner/name#12` at GitHub, `group/sub/name#12` at GitLab, `SHOP-12`
at Jira.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

GITHUB_API = "https://api.github.com"
_API_PATHS = {"github": "/api/v3", "gitlab": "/api/v4", "jira": "/rest/api/2"}
_GITHUB = re.compile(r"/([\w.-]+)/([\w.-]*\w[\w.-]*)/(?:issues|pull)/(\d{1,12})/?$", re.ASCII)
_GITLAB = re.compile(r"^/((?:\w[\w.-]*/)+\w[\w.-]*)(?:/-)?/(?:issues|work_items)/(\d{1,12})/?$", re.ASCII)
_JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,30}-\d{1,12}", re.ASCII)
_JIRA = re.compile(r"/(?:browse|issues)/([^/]+)/?$")


class Place(Protocol):
    """A tracker, as far as its addresses go."""

    kind: str
    url: str
    api_url: str


Found = TypeVar("Found", bound=Place)


def tracker_of(url: str, trackers: Iterable[Found]) -> Found | None:
    """The tracker whose address `url` begins with; of several, one that knows the issue, and says most of it."""
    fitting = [tracker for tracker in trackers if _is_below(url, tracker.url)]
    return max(fitting, key=lambda tracker: (reference(url, tracker) is not None, len(tracker.url)), default=None)


def reference(url: str, tracker: Place) -> str | None:
    """The issue of this tracker that `url` shows; None where it shows something else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    match tracker.kind:
        case "github":
            found = _GITHUB.search(parts.path)
            return f"{found[1]}/{found[2]}#{found[3]}" if found else None
        case "gitlab":
            found = _GITLAB.search(parts.path.removeprefix(_root(tracker)))
            return f"{found[1]}#{found[2]}" if found else None
        case _:
            return _jira_key(parts.path, parts.query)


def api_address(kind: str, url: str) -> str:
    """Where the API of a tracker is that nobody gave an address for."""
    parts = urlsplit(url)
    if kind == "github" and parts.hostname in ("github.com", "www.github.com"):
        return GITHUB_API
    path = parts.path.rstrip("/") if kind == "jira" else ""
    return f"{parts.scheme}://{parts.netloc}{path}{_API_PATHS[kind]}"


def _jira_key(path: str, query: str) -> str | None:
    chosen = parse_qs(query).get("selectedIssue", [""])[0]
    found = _JIRA.search(path)
    for text in (chosen, unquote(found[1]) if found else ""):
        if _JIRA_KEY.fullmatch(text.upper()):
            return text.upper()
    return None


def _is_below(url: str, base: str) -> bool:
    try:
        one, other = urlsplit(url), urlsplit(base)
        same = (one.scheme, one.hostname, one.port) == (other.scheme, other.hostname, other.port)
    except ValueError:
        return False
    return same and f"{one.path}/".casefold().startswith(f"{other.path.rstrip('/')}/".casefold())


def _root(tracker: Place) -> str:
    """The path below which a GitLab lives that does not have a host of its own."""
    return urlsplit(tracker.api_url).path.rstrip("/").removesuffix(_API_PATHS["gitlab"])
