"""What is done in a room: said, moved, judged, noted."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from changes.models import Change
from incidents import forms, services
from incidents.models import Incident, Task
from incidents.views.common import act, visible_incident
from notifications.errors import InvalidInput
from oncall.models import Service
from oncall.requests import Request


@require_POST
@visible_incident
def say(request: Request, incident: Incident) -> HttpResponse:
    """A note for the record (the default), or an update for stakeholders."""

    def do(text: str, act: str, next_due_in: int | None, at: Any) -> None:
        if act == "update":
            services.post_update(incident=incident, text=text, by=request.user, next_due_in=next_due_in, source="web")
        else:
            services.add_note(incident=incident, text=text, by=request.user, at=at)

    return act(request, incident, forms.SayForm(request.POST), do, name="say", part="say")


@require_POST
@visible_incident
def change_status(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.transition, incident=incident, by=request.user)
    return act(request, incident, forms.StatusForm(request.POST), do, name="status", part="acts")


@require_POST
@visible_incident
def change_severity(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.change_severity, incident=incident, by=request.user)
    return act(request, incident, forms.SeverityForm(request.POST), do, name="severity", part="acts")


@require_POST
@visible_incident
def set_private(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.set_private, incident=incident, by=request.user)
    return act(request, incident, forms.PrivateForm(request.POST), do, name="private", part="acts")


@require_POST
@visible_incident
def merge(request: Request, incident: Incident) -> HttpResponse:
    """Merge into another incident, which the visitor must be able to see."""

    def do(into: int) -> None:
        other = Incident.objects.visible_to(request.user).filter(number=into).first()
        if other is None:
            raise InvalidInput(into=f"There is no incident {into}: give the number of the one that goes on.")
        services.merge(incident=incident, into=other, by=request.user)

    return act(request, incident, forms.MergeForm(request.POST), do, name="merge", part="acts")


@require_POST
@visible_incident
def add_task(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.add_task, incident=incident, by=request.user)
    return act(request, incident, forms.TaskForm(request.POST), do, name="task", part="rail")


@require_POST
@visible_incident
def tick_task(request: Request, incident: Incident, task: int) -> HttpResponse:
    found = get_object_or_404(Task, incident=incident, pk=task)

    def do(done: bool) -> None:
        (services.complete_task if done else services.reopen_task)(task=found, by=request.user)

    return act(request, incident, forms.TickForm(request.POST), do, name="tick", part="rail")


@require_POST
@visible_incident
def judge(request: Request, incident: Incident, change: int) -> HttpResponse:
    found = get_object_or_404(Change.objects.visible_to(request.user), pk=change)
    do = partial(services.judge, incident=incident, change=found, by=request.user)
    return act(request, incident, forms.JudgeForm(request.POST), do, name="judge", part="rail")


@require_POST
@visible_incident
def add_service(request: Request, incident: Incident) -> HttpResponse:
    do = partial(services.add_service, incident=incident, by=request.user)
    return act(request, incident, forms.ServiceForm(request.POST), do, name="service", part="rail")


@require_POST
@visible_incident
def remove_service(request: Request, incident: Incident, slug: str) -> HttpResponse:
    found = get_object_or_404(Service, slug=slug)
    do = partial(services.remove_service, incident=incident, service=found, by=request.user)
    return act(request, incident, forms.Nothing(request.POST), do, name="service_removal", part="rail")
