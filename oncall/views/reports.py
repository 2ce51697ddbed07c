"""How well a schedule was covered and who bore it, week by week, for those who plan the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile
from math import floor
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from oncall.definition.write import utc
from oncall.models import Schedule
from oncall.report import Balance, Week, balance, weekly
from oncall.rotas.balance import Pairing

PERIODS = (4, 12, 26)
USUAL = 12


@dataclass(frozen=True)
class Pairs:
    """How often each Dev stood with each Ops: a row for each Dev, a cell for each Ops, None where they never met."""

    columns: list[str]
    rows: list[tuple[str, list[Pairing | None]]]


@require_GET
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One schedule: coverage, gaps and pages by week; hours, nights, weekends, holidays by person; pairings."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    weeks, since, until = _period(request)
    shared = balance(schedule, since, until)
    found = list(dropwhile(is_unknown, weekly(schedule, since, until)))
    context = {
        "schedule": schedule,
        "periods": PERIODS,
        "chosen": weeks,
        "weeks": [_row(week) for week in found[::-1]],
        "balance": shared,
        "pairs": pairs(shared),
        "stats": _stats(found),
        "csv_url": _csv(schedule, since, until),
    }
    return render(request, "oncall/report.html", context)


def pairs(found: Balance) -> Pairs:
    """The pairings as a table, by name."""
    names = {one.person.email: one.person.name for one in found.people}
    met = {(pair.one, pair.other): pair for pair in found.pairings}
    rows, columns = (sorted({key[side] for key in met}, key=lambda email: names[email]) for side in (0, 1))
    return Pairs([names[email] for email in columns], [(names[a], [met.get((a, b)) for b in columns]) for a in rows])


def _period(request: HttpRequest) -> tuple[int, datetime, datetime]:
    """How many weeks were asked for, and from when until when: now, so that nothing is foretold."""
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in map(str, PERIODS) else USUAL
    until = timezone.now().replace(microsecond=0)
    return weeks, until - timedelta(weeks=weeks), until


def _row(week: Week) -> dict[str, Any]:
    """A week as the table shows it: seats with their coverage in words, pages of all of them together."""
    return {
        "name": week.name,
        "time": week.time,
        "seats": [
            {"name": seat.name, "coverage": seat.coverage, "gaps": seat.gaps, "percent": percent(seat.coverage)}
            for seat in week.seats
        ],
        "pages_by_day": sum(seat.pages_by_day for seat in week.seats),
        "pages_by_night": sum(seat.pages_by_night for seat in week.seats),
        "acknowledged": week.acknowledged,
        "time_to_acknowledge": week.time_to_acknowledge,
        "people": week.people,
    }


def is_unknown(week: Week) -> bool:
    """Whether no shifts were stored yet: it says nothing."""
    return all(seat.coverage is None for seat in week.seats)


def percent(share: float | None) -> str:
    """A share in words, cut and not rounded: what has a gap is never 100%."""
    return "" if share is None else f"{floor(share * 1000) / 10:g}%"


def _stats(weeks: list[Week]) -> list[dict[str, Any]]:
    """The figures of the whole period."""
    seats = [seat for week in weeks for seat in week.seats]
    gaps = sum((gap.end - gap.start for seat in seats for gap in seat.gaps), timedelta())
    night = sum(seat.pages_by_night for seat in seats)
    day = sum(seat.pages_by_day for seat in seats)
    return [
        {"label": "hours uncovered", "value": f"{gaps / timedelta(hours=1):.4g}"},
        {"label": "pages by day", "value": day},
        {"label": "pages by night", "value": night},
        {"label": "acknowledged", "value": sum(week.acknowledged for week in weeks)},
    ]


def _csv(schedule: Schedule, since: datetime, until: datetime) -> str:
    asked = urlencode({"format": "csv", "since": utc(since), "until": utc(until)})
    return f"{reverse('api-schedule-report', args=[schedule.slug])}?{asked}"
