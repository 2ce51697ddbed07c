"""What a post-mortem is about: its incidents, and the services of a near miss."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import Incident
from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request, responders
from postmortems.forms.scope import AddIncidentForm, ServicesForm
from postmortems.models import Postmortem
from postmortems.services import scope
from postmortems.views.base import postmortem_or_404


@require_http_methods(["GET", "POST"])
@responders
def incidents(request: Request, number: int) -> HttpResponse:
    """POST adds an incident, or with `services` says which ones a near miss was about."""
    postmortem = postmortem_or_404(request, number)
    about_services = request.method == "POST" and "services-sent" in request.POST
    adding = AddIncidentForm(
        request.POST if request.method == "POST" and not about_services else None,
        others=Incident.objects.visible_to(request.user).exclude(postmortems=postmortem),
    )
    naming = ServicesForm(
        request.POST if about_services else None, initial={"services": postmortem.services.values_list("pk", flat=True)}
    )
    if about_services and carry_out(naming, partial(scope.set_services, postmortem=postmortem, by=request.user)):
        return redirect(postmortem)
    if adding.is_bound and carry_out(adding, partial(scope.add_incident, postmortem=postmortem, by=request.user)):
        return redirect("postmortems:incidents", number)
    context = {
        "postmortem": postmortem,
        "incidents": postmortem.incidents.order_by("number"),
        "published": postmortem.status == Postmortem.Status.PUBLISHED,
        "adding": adding,
        "naming": naming,
    }
    return render(request, "postmortems/incidents.html", context, status=max(status_of(adding), status_of(naming)))


@require_POST
def remove(request: Request, number: int, incident: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(Incident.objects.visible_to(request.user), number=incident)
    return press(
        request,
        partial(scope.remove_incident, postmortem=postmortem, incident=found, by=request.user),
        done=f"It is about incident #{incident} no more.",
        to=reverse("postmortems:incidents", args=[number]),
    )
