"""The room of an incident, and its parts as fragments that fetch themselves again when something changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents.models import Incident
from incidents.panels import panels_of
from incidents.views.common import room_of, show_part, show_room, visible_incident
from oncall.requests import Request


@require_safe
@visible_incident
def show(request: Request, incident: Incident) -> HttpResponse:
    return show_room(request, room_of(request, incident))


@require_safe
@visible_incident
def header(request: Request, incident: Incident) -> HttpResponse:
    return show_part(request, room_of(request, incident), "header")


@require_safe
@visible_incident
def timeline(request: Request, incident: Incident) -> HttpResponse:
    """The entries alone; narrowing them puts the choice into the address, so that it can be sent to somebody."""
    response = show_part(request, room_of(request, incident), "timeline")
    if request.headers.get("HX-Trigger") == "narrow":
        query = request.GET.urlencode()
        response["HX-Replace-Url"] = incident.get_absolute_url() + (f"?{query}" if query else "")
    return response


@require_safe
@visible_incident
def rail(request: Request, incident: Incident) -> HttpResponse:
    return show_part(request, room_of(request, incident), "rail")


@require_safe
@visible_incident
def acts(request: Request, incident: Incident) -> HttpResponse:
    return show_part(request, room_of(request, incident), "acts")


@require_safe
@visible_incident
def panels(request: Request, incident: Incident) -> HttpResponse:
    """A part of the room, or a page of its own."""
    part = "HX-Request" in request.headers
    seen = panels_of(incident, all_lines="all" in request.GET.getlist("lines"))
    context = {"incident": incident, "panels": seen, "open_tables": not part}
    return render(request, "incidents/_panels.html" if part else "incidents/panels.html", context)
