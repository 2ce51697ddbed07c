"""Pages about an incident: sending one, answering one, going to its next step."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents import forms, services
from incidents.models import Incident
from incidents.views.common import act, visible_incident
from oncall import paging
from oncall.models import Page, Person, Service, Team
from oncall.requests import Request


@require_POST
@visible_incident
def call(request: Request, incident: Incident) -> HttpResponse:
    """Page a service, a team or a person; says so where they are paged already."""
    asked_at = timezone.now()

    def do(target: Service | Team | Person) -> None:
        page = services.page_again(incident=incident, by=request.user, target=target)
        if page.created_at < asked_at and not request.htmx:
            messages.warning(request, f"{target} is paged already: escalate that page to reach the next in line.")

    return act(request, incident, forms.CallForm(request.POST), do, name="call", part="rail")


@require_POST
@visible_incident
def acknowledge(request: Request, incident: Incident, page: int) -> HttpResponse:
    """Answer for a page. The button stands in the header, on the rail and on Home."""
    found = get_object_or_404(Page, about=incident.subject, pk=page)

    def do() -> None:
        paging.acknowledge(page=found, person=request.user, via="web")

    part = "header" if request.headers.get("HX-Target") == "header" else "rail"
    return act(request, incident, forms.Nothing(request.POST), do, name="page", part=part)


@require_POST
@visible_incident
def escalate(request: Request, incident: Incident, page: int) -> HttpResponse:
    found = get_object_or_404(Page, about=incident.subject, pk=page)
    do = partial(paging.escalate_now, page=found, by=request.user)
    return act(request, incident, forms.PageForm(request.POST), do, name="page", part="rail")
