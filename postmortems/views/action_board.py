"""The board of actions: by owning team, what is overdue first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from oncall.models import Team
from oncall.requests import Request
from postmortems.action_board import loads
from postmortems.models import Action
from postmortems.querysets import CLOSED_ACTIONS, ActionQuerySet
from postmortems.views.actions import row_context
from postmortems.views.improvement import of_team

MOST = 300


@require_GET
def board(request: Request) -> HttpResponse:
    """`team`, `state` (open unless told), `kind`, `owner` (me, nobody), `overdue`, `number` narrow it."""
    today = timezone.localdate()
    rows = narrowed(Action.objects.visible_to(request.user), request.GET.dict(), request.user)
    related = ("owner", "team", "postmortem", "issue__tracker")
    order = (F("team__name").asc(nulls_last=True), "due_on", "number")
    shown = list(rows.select_related(*related).order_by(*order)[: MOST + 1])
    by_team = loads(request.user, today)
    load_of = {load.team: load for load in by_team}
    team = Team.objects.visible_to(request.user).filter(slug=request.GET.get("team", "")).first()
    context = {
        "groups": [
            (one, load_of.get(one), list(found)) for one, found in groupby(shown[:MOST], key=lambda action: action.team)
        ],
        "more": len(shown) > MOST,
        "filters": request.GET,
        "team": team,
        "time": of_team(team, request.user) if team else None,
        "loads": by_team,
        "teams": Team.objects.visible_to(request.user),
        "states": Action.State.choices,
        "kinds": Action.Kind.choices,
        "overdue": sum(load.overdue for load in by_team),
        "open": sum(load.open for load in by_team),
        **row_context(request),
    }
    return render(request, "postmortems/action_list.html", context)


def narrowed(rows: ActionQuerySet, given: dict[str, str], user: Any) -> ActionQuerySet:
    if given.get("number", "").isdecimal() and len(given["number"]) < 10:
        return rows.filter(number=given["number"])
    if given.get("state") in Action.State.values:
        rows = rows.filter(state=given["state"])
    elif given.get("state") != "all":
        rows = rows.exclude(state__in=CLOSED_ACTIONS)
    if given.get("team"):
        rows = rows.filter(team__slug=given["team"].replace("\x00", ""))
    if given.get("kind") in Action.Kind.values:
        rows = rows.filter(kind=given["kind"])
    if given.get("owner") == "me":
        rows = rows.filter(owner=user)
    elif given.get("owner") == "nobody":
        rows = rows.unowned()
    if given.get("overdue"):
        rows = rows.exclude(state__in=CLOSED_ACTIONS).filter(due_on__lt=timezone.localdate())
    return rows
