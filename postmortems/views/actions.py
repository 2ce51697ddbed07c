"""Action items: the board by team, one action, its moves, and the coach on its title."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import carry_out
from oncall.models import Team
from oncall.requests import Request
from postmortems import action_lifecycle, language, margin, services
from postmortems.forms.actions import ActionEditForm, ActionForm, ActionMoveForm
from postmortems.models import Action
from postmortems.views.base import postmortem_or_404

MOST = 300
VERBS = {
    "accepted": "Accept",
    "in_progress": "Start",
    "done": "Done",
    "wont_do": "Won't do",
    "proposed": "Back to proposed",
    "reopened": "Reopen",
}


@require_GET
def board(request: Request) -> HttpResponse:
    """By owning team, the most overdue first; `team`, `state` (open unless told), `owner=me`, `overdue`, `number`."""
    today = timezone.localdate()
    rows = narrowed(Action.objects.visible_to(request.user), request.GET.dict(), request.user)
    rows = rows.select_related("owner", "team", "postmortem").order_by(
        F("team__name").asc(nulls_first=True), "due_on", "number"
    )
    shown = list(rows[: MOST + 1])
    context = {
        "groups": [(team, list(found)) for team, found in groupby(shown[:MOST], key=lambda action: action.team)],
        "more": len(shown) > MOST,
        "filters": request.GET,
        "teams": Team.objects.visible_to(request.user),
        "states": Action.State.choices,
        "today": today,
        "overdue": Action.objects.visible_to(request.user).overdue(today).count(),
        "open": Action.objects.visible_to(request.user).open().count(),
    }
    return render(request, "postmortems/action_list.html", context)


def narrowed(rows: QuerySet[Action], given: dict[str, str], user: Any) -> QuerySet[Action]:
    if given.get("number", "").isdecimal() and len(given["number"]) < 10:
        return rows.filter(number=given["number"])
    if given.get("state") in Action.State.values:
        rows = rows.filter(state=given["state"])
    elif given.get("state") != "all":
        rows = rows.exclude(state__in=("done", "wont_do"))
    if given.get("team"):
        rows = rows.filter(team__slug=given["team"])
    if given.get("owner") == "me":
        rows = rows.filter(owner=user)
    if given.get("overdue"):
        rows = rows.exclude(state__in=("done", "wont_do")).filter(due_on__lt=timezone.localdate())
    return rows


def action(request: Request, number: int) -> HttpResponse:
    """One action: what it is, where it came from, and its fields to change."""
    found = get_object_or_404(
        Action.objects.visible_to(request.user).select_related("owner", "team", "postmortem"), number=number
    )
    initial = {name: getattr(found, name) for name in ("title", "kind", "priority", "due_on", "url")}
    initial |= {"owner": found.owner_id, "team": found.team_id}
    form = ActionEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.update_action, action=found, by=request.user)):
        return redirect("postmortems:action", number)
    return _shown(request, found, form=form, status=422 if form.errors else 200)


def _shown(request: Request, found: Action, *, form: ActionForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "action": found,
        "form": form,
        "notes": title_notes(found.title),
        "moves": [(to, VERBS[to]) for to in action_lifecycle.allowed(found.state)],
        "problems": found.problems.visible_to(request.user),
        "may_write": request.user.is_responder,
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "postmortems/action_detail.html", context, status=status)


@require_POST
def move(request: Request, number: int) -> HttpResponse:
    """Along its life; "won't do" takes a reason."""
    found = get_object_or_404(Action.objects.visible_to(request.user).select_related("postmortem"), number=number)
    form = ActionMoveForm(request.POST)
    if carry_out(form, partial(services.transition_action, action=found, by=request.user)):
        if request.POST.get("back") == "postmortem" and found.postmortem:
            return redirect(f"{found.postmortem.get_absolute_url()}#s-actions")
        return redirect("postmortems:action", number)
    initial = {name: getattr(found, name) for name in ("title", "kind", "priority", "due_on", "url")}
    edit = ActionEditForm(initial=initial | {"owner": found.owner_id, "team": found.team_id})
    return _shown(request, found, form=edit, move_form=form, status=422)


@require_POST
def add(request: Request, number: int) -> HttpResponse:
    """A new action of a post-mortem."""
    from postmortems.views.postmortem import page

    postmortem = postmortem_or_404(request, number)
    form = ActionForm(request.POST, prefix="action")
    if carry_out(form, partial(services.create_action, postmortem=postmortem, by=request.user)):
        return redirect(f"{postmortem.get_absolute_url()}#s-actions")
    return page(request, postmortem, action_form=form, status=422)


@require_POST
def notes(request: Request) -> HttpResponse:
    """The coach's notes on the title of an action that is being typed."""
    title = request.POST.get("action-title", request.POST.get("title", ""))[:400]
    return render(request, "postmortems/_action_notes.html", {"notes": title_notes(title)})


def title_notes(title: str) -> list[margin.Note]:
    return margin.notes(title, language.check(title, "action"), name="action")
