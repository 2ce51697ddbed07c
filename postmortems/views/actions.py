"""One action item: its page, its moves, its snooze, and the coach on its title."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request
from postmortems import action_lifecycle, language, services
from postmortems.forms.actions import ActionEditForm, ActionForm, ActionMoveForm, SnoozeForm
from postmortems.models import Action
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.reminders import next_reminder_of
from postmortems.text import margin
from postmortems.views.base import postmortem_or_404

VERBS = {
    "accepted": "Accept",
    "in_progress": "Start",
    "done": "Done",
    "wont_do": "Won't do",
    "proposed": "Back to proposed",
    "reopened": "Reopen",
}


@require_http_methods(["GET", "POST"])
def action(request: Request, number: int) -> HttpResponse:
    """One action: what it is, where it came from, and its fields to change."""
    found = _action(request, number)
    initial = ActionEditForm.initial_of(found)
    form = ActionEditForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.update_action, action=found, by=request.user)):
        return redirect("postmortems:action", number)
    return _shown(request, found, form=form, status=status_of(form))


def _action(request: Request, number: int) -> Action:
    rows = Action.objects.visible_to(request.user).select_related("owner", "team", "postmortem", "issue__tracker")
    return get_object_or_404(rows, number=number)


def _shown(request: Request, found: Action, *, form: ActionEditForm, status: int = 200, **more: Any) -> HttpResponse:
    origin = found.postmortem.sections.filter(key=found.section).first() if found.postmortem else None
    context = {
        "action": found,
        "form": form,
        "notes": title_notes(found.title),
        "moves": [(to, VERBS[to]) for to in action_lifecycle.allowed(found.state)],
        "problems": found.problems.visible_to(request.user),
        "origin": origin,
        "issue": getattr(found, "issue", None),
        "open": found.state not in CLOSED_ACTIONS,
        "next_reminder": next_reminder_of(found),
        "may_snooze": services.may_snooze(found, request.user),
        "may_write": request.user.is_responder,
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "postmortems/action_detail.html", context, status=status)


@require_POST
def move(request: Request, number: int) -> HttpResponse:
    """Along its life; "won't do" takes a reason. On the board, its row comes back as it is now."""
    found = _action(request, number)
    form = ActionMoveForm(request.POST)
    moved = carry_out(form, partial(services.transition_action, action=found, by=request.user))
    if request.htmx and moved:
        context = {"action": _action(request, number), **row_context(request)}
        return render(request, "postmortems/_action_row.html", context)
    if moved:
        if request.POST.get("back") == "postmortem" and found.postmortem:
            return redirect(f"{found.postmortem.get_absolute_url()}#s-actions")
        return redirect("postmortems:action", number)
    edit = ActionEditForm(initial=ActionEditForm.initial_of(found))
    return _shown(request, found, form=edit, move_form=form, status=422)


def row_context(request: Request) -> dict[str, Any]:
    """What a row of the board needs beside its action."""
    return {"may_write": request.user.is_responder, "today": timezone.localdate()}


@require_http_methods(["GET", "POST"])
def snooze(request: Request, number: int) -> HttpResponse:
    """Put its reminders off, or have them come again (`wake`): where the link in a reminder leads."""
    found = _action(request, number)
    if "wake" in request.POST:
        wake = partial(services.snooze, action=found, until=None, by=request.user)
        return press(request, wake, done="The reminders come again.", to=f"/actions/{number}/")
    form = SnoozeForm(request.POST or None)
    put_off = partial(services.snooze, action=found, by=request.user)
    if request.method == "POST" and (snoozed := carry_out(form, put_off)):
        messages.success(request, f"No reminder before {snoozed.snoozed_until:%-d %B %Y}.")
        return redirect("postmortems:action", number)
    context = {
        "action": found,
        "form": form,
        "open": found.state not in CLOSED_ACTIONS,
        "next_reminder": next_reminder_of(found),
        "may_snooze": services.may_snooze(found, request.user),
        "today": timezone.localdate(),
    }
    return render(request, "postmortems/action_snooze.html", context, status=status_of(form))


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
