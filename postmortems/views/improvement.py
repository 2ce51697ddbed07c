"""Time set aside for improvement: the next weeks of all teams, and the weeks of one, to plan and to report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from notifications.charts import pairs
from notifications.refusals import carry_out, status_of
from oncall.models import Person, Team
from oncall.requests import Request
from postmortems.forms.improvement import WeekForm
from postmortems.improvement import SUMMED, WEEK, Summary, Week, monday_of, summary
from postmortems.models import ImprovementTime
from postmortems.services.improvement import may_write, set_improvement_time

BEFORE, AHEAD = 4, 4
"""Weeks to report still, and to plan already, around the present one."""


@dataclass(frozen=True)
class TeamTime:
    """A team's last quarter, and its weeks from now on."""

    team: Team
    past: Summary
    ahead: list[Week]
    may_write: bool

    @property
    def now(self) -> Week:
        return self.ahead[0]

    @property
    def picture(self) -> SafeString:
        return pairs([(_number(week.planned), _number(week.spent)) for week in self.past.weeks], label=self.says)

    @property
    def says(self) -> str:
        planned, spent = self.past.planned, self.past.spent
        weeks = f"{self.past.reported} of {SUMMED} weeks reported"
        return f"{self.team}: {spent.normalize():f} of {planned.normalize():f} hours planned were spent, {weeks}"


@require_GET
def overview(request: Request) -> HttpResponse:
    """Every team: its last quarter, this week and the next ones."""
    teams = list(Team.objects.visible_to(request.user))
    mine = set(request.user.teams.values_list("pk", flat=True))
    writes = {team.pk for team in teams if _may_write(team, request.user, mine)}
    times = _times(teams, writes)
    context = {"times": times, "weeks": [week.monday for week in times[0].ahead] if times else []}
    return render(request, "postmortems/improvement.html", context)


@require_http_methods(["GET", "POST"])
def of_one_team(request: Request, slug: str) -> HttpResponse:
    """The weeks of one team; a POST to `?week=` tells of that one."""
    team = get_object_or_404(Team.objects.visible_to(request.user), slug=slug)
    told, form = None, None
    if request.method == "POST":
        told = _week_of(request)
        form = _form(told, request.POST, {})
        if carry_out(form, partial(set_improvement_time, team=team, week=told, by=request.user)):
            messages.success(request, f"The week of {told:%-d %B} is kept.")
            return redirect("postmortems:improvement-team", slug)
    context = {"time": of_team(team, request.user), "rows": list(_rows(team, told, form))}
    status = status_of(form) if form else 200
    return render(request, "postmortems/improvement_team.html", context, status=status)


def of_team(team: Team, user: Person) -> TeamTime:
    """What the pages of one team show of it."""
    return _times([team], {team.pk} if may_write(team, user) else set())[0]


def _times(teams: list[Team], writes: set[int]) -> list[TeamTime]:
    monday = monday_of(timezone.localdate())
    known: dict[int, list[Week]] = defaultdict(list)
    rows = ImprovementTime.objects.filter(team__in=teams, week__gte=monday - SUMMED * WEEK)
    for row in rows.order_by("week"):
        known[row.team_id].append(Week(row.week, row.planned_hours, row.spent_hours))
    return [
        TeamTime(team, summary(known[team.pk], monday), _ahead(known[team.pk], monday), team.pk in writes)
        for team in teams
    ]


def _ahead(weeks: Iterable[Week], monday: date) -> list[Week]:
    known = {week.monday: week for week in weeks}
    return [known.get(day, Week(day)) for day in (monday + number * WEEK for number in range(AHEAD + 1))]


def _may_write(team: Team, person: Person, mine: set[int]) -> bool:
    """As `may_write()`, with the teams of the person known."""
    return person.is_responder and (person.is_administrator or team.lead_id == person.pk or team.pk in mine)


def _rows(team: Team, told: date | None, refused: WeekForm | None) -> Iterable[dict[str, Any]]:
    """The weeks of the page, each with what is known of it and its form; `refused` stands for the week `told`."""
    monday = monday_of(timezone.localdate())
    days = [monday + number * WEEK for number in range(AHEAD, -BEFORE - 1, -1)]
    known = {row.week: row for row in ImprovementTime.objects.filter(team=team, week__in=days)}
    for day in days:
        row = known.get(day)
        initial = {name: getattr(row, name) for name in WeekForm.base_fields} if row else {}
        form = refused if refused and told == day else _form(day, None, initial)
        yield {"monday": day, "row": row, "form": form, "now": day == monday}


def _form(day: date, data: Any, initial: dict[str, Any]) -> WeekForm:
    return WeekForm(data, initial=initial, prefix=f"w{day:%Y%m%d}", begun=day <= timezone.localdate())


def _week_of(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("week", ""))
    except ValueError as error:
        raise Http404("no such week") from error


def _number(hours: Any) -> float | None:
    return None if hours is None else float(hours)
