"""Joining and leaving a rotation from a handoff on, seen before it is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from notifications.errors import InvalidInput
from notifications.refusals import carry_out, status_of
from oncall.forms.schedules import RotationForm
from oncall.models import Schedule
from oncall.previews import shown, when_it_differs
from oncall.requests import asker, responders
from oncall.rotas.effects import compare
from oncall.services.rosters import RosterChange, join_rotation, joining, leave_rotation, leaving
from oncall.views.schedules import schedule_url

AHEAD = timedelta(weeks=12)


@require_http_methods(["GET", "POST"])
@responders
def rotation_change(request: HttpRequest, slug: str) -> HttpResponse:
    """A form; then the same form with what would change; then it is saved."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    form = RotationForm(schedule, request.POST or None, initial={"person": request.GET.get("person")})
    previewed = None
    if request.method == "POST" and request.POST.get("step") == "save":
        if carry_out(form, lambda **given: _do(given, join_rotation, leave_rotation, by=asker(request))):
            messages.success(request, "Saved. Those whose shifts changed are told.")
            return redirect(schedule_url(schedule))
    elif request.method == "POST" and (change := carry_out(form, lambda **given: _do(given, joining, leaving))):
        previewed = _effect(change)
    context = {"form": form, "schedule": schedule, "previewed": previewed}
    return render(request, "oncall/rotation_form.html", context, status=status_of(form))


def _do(given: dict[str, Any], join: Any, leave: Any, **more: Any) -> Any:
    """One or the other, with what was filled in; what is refused of the act is said of the person."""
    wanted = {name: given[name] for name in ("layer", "person", "at")} | more
    try:
        return leave(**wanted) if given["act"] == "leave" else join(**wanted, beside=given["beside"])
    except InvalidInput as refusal:
        named = {"join": "person", "leave": "person"}
        raise InvalidInput({named.get(field, field): said for field, said in refusal.errors.items()}) from refusal


def _effect(change: RosterChange) -> dict[str, Any]:
    """Whose shifts change, from the handoff on."""
    since = max(timezone.now(), change.handoff - timedelta(days=1))
    effects = compare(change.before, change.after, since, since + AHEAD)
    seats = [effect for effect in effects if effect.changes]
    return shown(seats, when_it_differs(seats), change.before, change.after) | {"handoff": change.handoff}
