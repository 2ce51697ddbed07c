"""Correcting the words and times of an incident."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.forms import EditForm
from incidents.models import Incident
from incidents.views.common import visible_incident
from notifications.refusals import carry_out, status_of
from oncall.requests import Request, responders


@require_http_methods(["GET", "HEAD", "POST"])
@visible_incident
@responders
def edit(request: Request, incident: Incident) -> HttpResponse:
    """Times that were not touched keep their seconds, which the form does not show."""
    initial = {"title": incident.title, "summary": incident.summary} | {
        name: getattr(incident, name).replace(second=0, microsecond=0) for name in ("started_at", "detected_at")
    }
    form = EditForm(request.POST or None, initial=initial)

    def do(**given: Any) -> Incident:
        changed = {name: given[name] for name in form.changed_data if given[name] is not None}
        return services.edit(incident=incident, by=request.user, **changed)

    if request.method == "POST" and carry_out(form, do):
        return redirect(incident)
    context = {"incident": incident, "form": form, "zone": timezone.get_current_timezone_name()}
    return render(request, "incidents/incident_edit.html", context, status=status_of(form))
