"""What the views of a room share: finding the incident, carrying out a form, answering."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from incidents.models import Incident
from incidents.room import Room
from notifications import live
from notifications.refusals import carry_out, status_of
from oncall.models import Person, Service, Team
from oncall.requests import Request

ORDER = "timeline_order"  # a cookie: "first" shows the newest entry first
PARTS = {
    "header": "incidents/_header.html",
    "timeline": "incidents/_timeline.html",
    "rail": "incidents/_rail.html",
    "acts": "incidents/_acts.html",
    "say": "incidents/_say.html",
}


def visible_incident(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view its incident; who may not see it gets the same 404 as for one that does not exist."""

    @wraps(view)
    def with_incident(request: Request, number: int, **given: Any) -> HttpResponse:
        found = Incident.objects.visible_to(request.user)
        incident = found.filter(number=number).first()
        if incident is None:
            raise Http404(f"There is no incident {number}.")
        return view(request, incident, **given)

    return with_incident


def room_of(request: Request, incident: Incident, forms: dict[str, Any] | None = None) -> Room:
    """The room as this visitor reads it: filters from the address, the order from the address or their cookie."""
    order = request.GET.get("order") or request.COOKIES.get(ORDER)
    return Room(
        incident,
        request.user,
        forms=forms,
        shown=request.GET.getlist("show"),
        newest_first=order == "first",
        whole="whole" in request.GET,
    )


def show_part(request: Request, room: Room, part: str, *, status: int = 200) -> HttpResponse:
    """One part of the room as a fragment."""
    return render(request, PARTS[part], {"room": room, "incident": room.incident}, status=status)


def show_room(request: Request, room: Room, *, status: int = 200) -> HttpResponse:
    """The whole room."""
    context: dict[str, Any] = {
        "room": room,
        "incident": room.incident,
        "live_token": live.token(room.incident.subject),
    }
    if room.may_act:
        context |= {
            "people": Person.objects.active().values_list("email", "name"),
            "catalogue": Service.objects.values_list("slug", "name"),
            "teams": Team.objects.values_list("slug", "name"),
        }
    response = render(request, "incidents/room.html", context, status=status)
    if request.GET.get("order") in ("first", "last"):
        response.set_cookie(ORDER, request.GET["order"], max_age=31_536_000, samesite="Lax", httponly=True)
    return response


def act(
    request: Request, incident: Incident, form: forms.Form, do: Callable[..., Any], *, name: str, part: str
) -> HttpResponse:
    """Carry out what a form of the room asks for; then the part it stands in, or the room at that part.

    `name`: how the templates know the form, should it come back with errors.
    """
    carry_out(form, do)
    status = status_of(form)
    if not request.htmx and status == 200:
        return redirect(f"{incident.get_absolute_url()}#{part}")
    incident.refresh_from_db()
    room = room_of(request, incident, {name: form} if form.errors else None)
    if not request.htmx:
        return show_room(request, room, status=status)
    response = show_part(request, room, part, status=status)
    if status == 200:
        response["HX-Trigger"] = "live"
    return response
