"""The heartbeats of a service: how they are, setting them up, pausing and deleting them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.models import Service
from oncall.requests import asker, responders
from telemetry import heartbeats
from telemetry.forms import HeartbeatForm
from telemetry.heartbeats.alerting import leads_to
from telemetry.models import Heartbeat


@require_GET
def heartbeat_list(request: HttpRequest, slug: str) -> HttpResponse:
    """As a page, or as a part of the service's."""
    service = _service(request, slug)
    found = [{"heartbeat": one, "leads_to": leads_to(one)} for one in _of(service)]
    template = "telemetry/_heartbeats.html" if "HX-Request" in request.headers else "telemetry/heartbeats.html"
    return render(request, template, {"service": service, "rows": found})


@require_GET
def heartbeat_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How it is, and the address that its job calls; only responders see that."""
    heartbeat = _heartbeat(request, slug, pk)
    context = {"service": heartbeat.service, "heartbeat": heartbeat, "leads_to": leads_to(heartbeat)}
    return render(request, "telemetry/heartbeat.html", context)


@require_http_methods(["GET", "POST"])
@responders
def heartbeat_new(request: HttpRequest, slug: str) -> HttpResponse:
    service = _service(request, slug)
    form = HeartbeatForm(request.POST or None)
    add = partial(heartbeats.add_heartbeat, service=service, by=asker(request))
    if request.method == "POST" and (heartbeat := carry_out(form, add)):
        messages.success(request, "The heartbeat is made. Have its job call this address whenever it has run.")
        return redirect("telemetry:heartbeat", slug, heartbeat.pk)
    return _show(request, form, service, None)


@require_http_methods(["GET", "POST"])
@responders
def heartbeat_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    heartbeat = _heartbeat(request, slug, pk)
    form = HeartbeatForm(request.POST or None, initial=HeartbeatForm.initial_of(heartbeat))
    change = partial(heartbeats.change_heartbeat, heartbeat=heartbeat, by=asker(request))
    if request.method == "POST" and carry_out(form, change):
        messages.success(request, "The heartbeat is changed; its address stays.")
        return redirect("telemetry:heartbeat", slug, pk)
    return _show(request, form, heartbeat.service, heartbeat)


@require_POST
@responders
def heartbeat_pause(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    heartbeat = _heartbeat(request, slug, pk)
    return press(
        request,
        partial(heartbeats.pause_heartbeat, heartbeat=heartbeat, by=asker(request)),
        done=f"{heartbeat} is paused: its silence fires no alert.",
        to=reverse("telemetry:heartbeat", args=[slug, pk]),
    )


@require_POST
@responders
def heartbeat_resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    heartbeat = _heartbeat(request, slug, pk)
    return press(
        request,
        partial(heartbeats.resume_heartbeat, heartbeat=heartbeat, by=asker(request)),
        done=f"{heartbeat} is waited for again.",
        to=reverse("telemetry:heartbeat", args=[slug, pk]),
    )


@require_POST
@responders
def heartbeat_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    heartbeat = _heartbeat(request, slug, pk)
    return press(
        request,
        partial(heartbeats.delete_heartbeat, heartbeat=heartbeat, by=asker(request)),
        done=f"{heartbeat} is deleted; its address answers nobody any more.",
        to=reverse("telemetry:heartbeats", args=[slug]),
    )


def _service(request: HttpRequest, slug: str) -> Service:
    return get_object_or_404(Service.objects.visible_to(request.user), slug=slug)


def _of(service: Service) -> Any:
    return service.heartbeats.select_related("service").prefetch_related("service__alert_rules")


def _heartbeat(request: HttpRequest, slug: str, pk: int) -> Heartbeat:
    found: Heartbeat = get_object_or_404(_of(_service(request, slug)), pk=pk)
    return found


def _show(request: HttpRequest, form: HeartbeatForm, service: Service, heartbeat: Heartbeat | None) -> HttpResponse:
    context = {"form": form, "service": service, "heartbeat": heartbeat}
    return render(request, "telemetry/heartbeat_form.html", context, status=status_of(form))
