"""Who takes part in an incident, and in which role."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from incidents import forms, services
from incidents.models import Incident
from incidents.views.common import act, visible_incident
from oncall.models import Person
from oncall.requests import Request


@require_POST
@visible_incident
def change_role(request: Request, incident: Incident) -> HttpResponse:
    """Give a role to somebody, or lay it down where nobody is named."""

    def do(role: str, person: Person | None) -> None:
        if person:
            services.assign_role(incident=incident, role=role, person=person, by=request.user)
        else:
            services.release_role(incident=incident, role=role, by=request.user)

    return act(request, incident, forms.RoleForm(request.POST), do, name="role", part="rail")


@require_POST
@visible_incident
def add_person(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.add_person, incident=incident, by=request.user)
    return act(request, incident, forms.PersonForm(request.POST), do, name="person", part="rail")


@require_POST
@visible_incident
def join(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.join, incident=incident, person=request.user)
    return act(request, incident, forms.Nothing(request.POST), do, name="join", part="rail")
