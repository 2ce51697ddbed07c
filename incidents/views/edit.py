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
from incidents.views.common import Request, carry_out, forbidden, visible_incident
from notifications.errors import Forbidden
from oncall.permissions import require_responder


@require_http_methods(["GET", "HEAD", "POST"])
@visible_incident
def edit(request: Request, incident: Incident) -> HttpResponse:
    """Times that were not touched keep their seconds, which the form does not show."""
    initial = {"title": incident.title, "summary": incident.summary} | {
        name: getattr(incident, name).replace(second=0, microsecond=0) for name in ("started_at", "detected_at")
    }
    form = EditForm(request.POST or None, initial=initial)

    def do(**given: Any) -> None:
        changed = {name: given[name] for name in form.changed_data if given[name] is not None}
        services.edit(incident=incident, by=request.user, **changed)

    try:
        require_responder(request.user)
        if request.method != "POST":
            return _show(request, incident, form, 200)
        status = carry_out(form, do)
    except Forbidden as error:
        return forbidden(request, error)
    return redirect(incident) if status == 200 else _show(request, incident, form, status)


def _show(request: Request, incident: Incident, form: EditForm, status: int) -> HttpResponse:
    context = {"incident": incident, "form": form, "zone": timezone.get_current_timezone_name()}
    return render(request, "incidents/incident_edit.html", context, status=status)
