"""Figures over what was learned: a sentence, a picture, its definition and the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from notifications.charts import Bar, bars, dots
from notifications.durations import words
from notifications.errors import InvalidInput
from oncall.models import Service, Team
from oncall.requests import Request
from postmortems.metrics import Figure
from postmortems.sentences import sentence
from postmortems.trends import FIGURES, Filters, figure, parse

PERIODS = {"30": "30 days", "90": "90 days", "365": "365 days"}
COMPARED = ("coverage", "factor-share")
RECORDS = {
    "factor-share": "postmortems:detail",
    "actions-on-time": "postmortems:action",
    "overdue-actions": "postmortems:action",
    "problems": "postmortems:problem",
    "knowledge": "postmortems:article",
    "improvement-time": "postmortems:improvement-team",
    "learning": "postmortems:detail",
}
"""Where the number of a row leads, or its slug where it has none; to an incident where nothing is named."""


@require_GET
def trends(request: Request) -> HttpResponse:
    """`days` (30, 90 or 365), `service` and `team` choose what the figures are about."""
    days = request.GET.get("days", "90") if request.GET.get("days") in PERIODS else "90"
    filters, refusal = chosen(request, days)
    context = {
        "cards": [card(request, name, filters, days) for name in FIGURES] if filters else [],
        "refusal": refusal,
        "days": days,
        "periods": PERIODS.items(),
        "filters": request.GET,
        "services": Service.objects.visible_to(request.user),
        "teams": Team.objects.visible_to(request.user),
    }
    return render(request, "postmortems/trends.html", context, status=422 if refusal else 200)


def chosen(request: Request, days: str, ago: int = 0) -> tuple[Filters | None, str]:
    """What is asked for, `ago` periods earlier; or why it cannot be."""
    given = request.GET.dict()
    end = timezone.now() - timedelta(days=int(days)) * ago
    span = {"since": (end - timedelta(days=int(days))).isoformat(), "until": end.isoformat()}
    try:
        return parse(**span, service=given.get("service", ""), team=given.get("team", "")), ""
    except InvalidInput as error:
        return None, str(error)


def card(request: Request, name: str, filters: Filters, days: str) -> dict[str, Any]:
    """What `components/figure.html` shows."""
    found = figure(name, user=request.user, filters=filters)
    earlier, _ = chosen(request, days, ago=1) if name in COMPARED else (None, "")
    before = figure(name, user=request.user, filters=earlier) if earlier else None
    query = urlencode({"days": days, "service": filters.service, "team": filters.team})
    period = {"since": filters.period.since.isoformat(), "until": filters.period.until.isoformat()}
    period |= {"service": filters.service, "team": filters.team, "format": "csv"}
    return {
        "title": found.title,
        "sentence": sentence(found, before),
        "chart": CHARTS[name](found),
        "n": found.n,
        "period": f"{filters.period.since:%-d %b} – {filters.period.until:%-d %b %Y}",
        "definition": found.definition,
        "rows_url": f"{reverse('postmortems:trend-rows', args=[name])}?{query}",
        "csv_url": f"{reverse('api-trend', args=[name])}?{urlencode({k: v for k, v in period.items() if v})}",
    }


@require_GET
def rows(request: Request, name: str) -> HttpResponse:
    """The records behind a figure."""
    if name not in FIGURES:
        raise Http404(f"There is no figure {name!r}.")
    days = request.GET.get("days", "90") if request.GET.get("days") in PERIODS else "90"
    filters, refusal = chosen(request, days)
    if filters is None:
        raise Http404(refusal)
    found = figure(name, user=request.user, filters=filters)
    heads = [key for key in (found.rows[0] if found.rows else {}) if key not in ("number", "slug", "title")]
    context = {
        "figure": found,
        "sentence": sentence(found),
        "heads": [head.replace("_", " ") for head in heads],
        "rows": [(_address(name, row), row, [said(row[key], key) for key in heads]) for row in found.rows],
        "back": f"{reverse('postmortems:trends')}?{request.GET.urlencode()}",
        "period": PERIODS[days],
    }
    return render(request, "postmortems/trend_rows.html", context)


def _address(name: str, row: dict[str, Any]) -> str:
    return reverse(RECORDS.get(name, "incidents:room"), args=[row["number"] if "number" in row else row["slug"]])


def said(value: Any, key: str) -> str:
    """One cell, for people."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%-d %b %Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    if key == "seconds":
        return words(value)
    return str(value).replace("_", " ")


def _coverage(found: Figure) -> SafeString:
    value = found.value or {}
    parts = [Bar("Published", value["published"], found.n or None), Bar("Waiting", value["waiting"], found.n or None)]
    return bars([*parts, Bar("Exempted, counted beside it", value["exempt"])], label=found.title)


def _durations(found: Figure) -> SafeString:
    if found.value and found.value["hidden"]:
        return SafeString()  # the sentence says that there are too few
    return dots([row["seconds"] for row in found.series], label=found.title)


def _suspects(found: Figure) -> SafeString:
    value = found.value or {}
    if not found.n:
        return bars([], label=found.title)
    return bars(
        [Bar("Among the first three", value["found"], found.n), Bar("First", value["first"], found.n)],
        label=found.title,
    )


def _factors(found: Figure) -> SafeString:
    return bars([Bar(row["name"], row["count"], found.n) for row in found.series[:8]], label=found.title)


def _on_time(found: Figure) -> SafeString:
    value = found.value or {}
    if not found.n:
        return bars([], label=found.title)
    names = {"on_time": "By their date", "late": "Later", "open": "Still open"}
    return bars([Bar(label, value[key], found.n) for key, label in names.items()], label=found.title)


def _overdue(found: Figure) -> SafeString:
    return bars([Bar(row["team"] or "No team", row["count"]) for row in found.series[:8]], label=found.title)


def _problems(found: Figure) -> SafeString:
    most = sorted((row for row in found.series if row["incidents"]), key=lambda row: -row["incidents"])[:5]
    return bars(
        [
            Bar(
                f"P{row['number']}, incidents",
                row["incidents"],
                href=reverse("postmortems:problem", args=[row["number"]]),
            )
            for row in most
        ],
        label="Incidents of each problem",
    )


def _knowledge(found: Figure) -> SafeString:
    value = found.value or {}
    if not found.n:
        return bars([], label=found.title)
    return bars(
        [Bar("Validated", value["validated"], found.n), Bar("Past their review", value["stale"], found.n)],
        label=found.title,
    )


def _learning(found: Figure) -> SafeString:
    most = [row for row in found.series if row["readers"]][:5]
    return bars(
        [
            Bar(f"PM{row['number']}, readers", row["readers"], href=reverse("postmortems:detail", args=[row["number"]]))
            for row in most
        ],
        label="Readers of each post-mortem",
    )


def _time_aside(found: Figure) -> SafeString:
    teams = sorted(found.series, key=lambda row: -row["planned_hours"])[:8]
    return bars(
        [Bar(f"{row['team']}, of {row['planned_hours']:g} hours planned", row["spent_hours"]) for row in teams],
        label="Hours spent",
    )


CHARTS: dict[str, Callable[[Figure], SafeString]] = {
    "coverage": _coverage,
    "time-to-postmortem": _durations,
    "time-to-restore": _durations,
    "detection": _durations,
    "suspects-recall": _suspects,
    "factor-share": _factors,
    "actions-on-time": _on_time,
    "overdue-actions": _overdue,
    "problems": _problems,
    "knowledge": _knowledge,
    "learning": _learning,
    "improvement-time": _time_aside,
}
