"""Timeline entries as they are shown: everything a template would compute two hundred times is computed here once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from incidents.models import TimelineEntry
from incidents.runs import Run, Told

LATE = timedelta(minutes=10)
"""What is written down this much after it happened says so."""
SOURCES = {
    "andon": "",
    "web": "",
    "api": "API",
    "slack": "Slack",
    "alert": "",
    "gate": "the gate",
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
    """One entry, or a run of alerts, in the viewer's zone.

    `day` is set where a new day begins; `foot` says who, from where, how late; `is_run`: there is more to see.
    """

    id: int
    kind: str
    icon: SafeString
    iso: str
    full: str
    clock: str
    text: str
    foot: SafeString
    day: str = ""
    is_run: bool = False


def told_of(id: int, at: datetime, kind: str, data: dict[str, Any]) -> Told:
    """An entry as `runs.py` wants to know it."""
    if kind != TimelineEntry.Kind.ALERT:
        return Told(id, at)
    count = len(data["alerts"]) if "alerts" in data else 1
    return Told(id, at, str(data.get("status", "")), count, str(data.get("name", "")))


def lines(entries: Iterable[TimelineEntry | Run], *, newest_first: bool = False) -> Iterator[Line]:
    """Each entry as a line, in the order given; the first of each day names the day, unless that is today alone."""
    shown = list(entries)[::-1] if newest_first else list(entries)
    moments = [timezone.localtime(entry.since if isinstance(entry, Run) else entry.at) for entry in shown]
    today = timezone.localtime().date()
    known = today if all(at.date() == today for at in moments) else None
    for entry, at in zip(shown, moments, strict=True):
        made = _line_of_run(entry, at) if isinstance(entry, Run) else _line(entry, at)
        yield replace(made, day=f"{at:%A} {at.day} {at:%B}") if at.date() != known else made
        known = at.date()


def _line(entry: TimelineEntry, at: datetime) -> Line:
    text = _linked(entry.text) if "://" in entry.text else entry.text
    return Line(entry.pk, entry.kind, _icon(entry.kind), *_clock(at), text=text, foot=_foot(entry))


def _line_of_run(run: Run, at: datetime) -> Line:
    kind, until = TimelineEntry.Kind.ALERT.value, format_html("until {}", f"{timezone.localtime(run.until):%H:%M:%S}")
    return Line(run.entries[0].id, kind, _icon(kind), *_clock(at), text=run.words, foot=until, is_run=True)


def _clock(at: datetime) -> tuple[str, str, str]:
    return at.isoformat(), f"{at:%a} {at.day} {at:%b %Y, %H:%M:%S %Z}", f"{at:%H:%M}"


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
