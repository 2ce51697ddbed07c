"""Timeline entries as they are shown: everything a template would compute two hundred times is computed here once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from incidents.models import TimelineEntry

LATE = timedelta(minutes=10)
"""What is written down this much after it happened says so."""
SOURCES = {
    "andon": "",
    "web": "",
    "api": "API",
    "slack": "Slack",
    "alert": "",
    "github": "GitHub",
    "event": "",
    "gitlab": "GitLab",
    "argocd": "Argo CD",
    "jenkins": "Jenkins",
    "alertmanager": "Alertmanager",
    "grafana": "Grafana",
    "pagerduty": "PagerDuty",
    "sentry": "Sentry",
    "datadog": "Datadog",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in the viewer's zone. `day` is set where a new day begins; `foot` says who, from where, how late."""

    id: int
    kind: str
    icon: SafeString
    iso: str
    full: str
    clock: str
    day: str
    text: str
    foot: SafeString


def lines(entries: Iterable[TimelineEntry], *, newest_first: bool = False) -> Iterator[Line]:
    """Each entry as a line, in the order given; the first of each day names the day, unless that is today alone."""
    shown = list(entries)[::-1] if newest_first else list(entries)
    moments = [timezone.localtime(entry.at) for entry in shown]
    today = timezone.localtime().date()
    known = today if all(at.date() == today for at in moments) else None
    for entry, at in zip(shown, moments, strict=True):
        yield _line(entry, at, new_day=at.date() != known)
        known = at.date()


def _line(entry: TimelineEntry, at: datetime, *, new_day: bool) -> Line:
    return Line(
        id=entry.pk,
        kind=entry.kind,
        icon=_icon(entry.kind),
        iso=at.isoformat(),
        full=f"{at:%a} {at.day} {at:%b %Y, %H:%M:%S %Z}",
        clock=f"{at:%H:%M}",
        day=f"{at:%A} {at.day} {at:%B}" if new_day else "",
        text=_linked(entry.text) if "://" in entry.text else entry.text,
        foot=_foot(entry),
    )


def _foot(entry: TimelineEntry) -> SafeString:
    who = str(entry.actor) if entry.actor else entry.actor_name
    who = "" if who and entry.text.startswith(who) else who  # said once is enough
    late = f"written {timezone.localtime(entry.recorded_at):%H:%M}" if entry.recorded_at - entry.at > LATE else ""
    return mark_safe(" · ".join(escape(part) for part in (who, _source(entry), late) if part))  # noqa: S308 — escaped


def _source(entry: TimelineEntry) -> str:
    name, url = SOURCES.get(entry.source, entry.source), entry.data.get("url")
    if name and isinstance(url, str) and url.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noreferrer">{}</a>', url, name)
    return name


def _linked(text: str) -> SafeString:
    return mark_safe(urlize(text, nofollow=True, autoescape=True))  # noqa: S308 — urlize has escaped it


@cache
def _icon(kind: str) -> SafeString:
    return render_to_string("components/icon.html", {"name": kind})
