"""Integrations: made, tried, rotated, retired; and what they sent lately."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Conflict
from notifications.links import absolute
from notifications.models import Integration, IntegrationSecret
from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.integrations import IntegrationEditForm, IntegrationForm, SecretForm
from oncall.mapping import read_rules
from oncall.requests import administrators, asker
from oncall.samples import SAMPLES, send_sample
from oncall.services.integrations import live_secrets, sources, urls
from oncall.traffic import Traffic, latest, traffic, with_traffic

LATEST = 50
SHOWN = [("", "All"), ("failed", "Failed"), ("waiting", "Waiting"), ("done", "Processed"), ("ignored", "Ignored")]


@require_GET
@administrators
def integration_list(request: HttpRequest) -> HttpResponse:
    found = with_traffic(Integration.objects.all()).order_by("disabled_at", "name")
    return render(request, "oncall/integration_list.html", {"integrations": found})


@never_cache
@require_http_methods(["GET", "POST"])
@administrators
def integration_new(request: HttpRequest) -> HttpResponse:
    form = IntegrationForm(sources(), request.POST or None, initial={"source": request.GET.get("source", "github")})

    def make(**_: Any) -> tuple[Integration, str]:
        return services.create_integration(**form.given(), by=asker(request))

    if request.method == "POST" and (made := carry_out(form, make)):
        return _secret(request, *made, status=201)
    return render(request, "oncall/integration_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def integration_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, its service, and what it calls our services."""
    integration = _integration(pk)
    form = IntegrationEditForm(request.POST or None, initial=IntegrationEditForm.initial_of(integration))

    def save(**_: Any) -> Integration:
        return services.update_integration(integration=integration, **form.given(), by=asker(request))

    if request.method == "POST" and carry_out(form, save):
        messages.success(request, "It is saved. What waits for a service is looked at again.")
        return redirect(_url(integration))
    context = {"form": form, "integration": integration}
    return render(request, "oncall/integration_form.html", context, status=status_of(form))


@require_GET
@administrators
def integration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How it is set up, how it does, and its latest messages: all, or those of one state."""
    integration = _integration(pk)
    show = request.GET.get("show", "")
    lately = traffic(integration)
    context = {
        "integration": integration,
        "url": urls(integration)["url"],
        "line_url": absolute("/e/") if integration.source == "event" else "",
        "rules": read_rules(integration.rules),
        "secrets": live_secrets(integration),
        "traffic": lately,
        "warnings": [] if integration.disabled_at else list(lately.warnings()),
        "stats": _stats(lately),
        "deliveries": latest(integration, show)[:LATEST],
        "tabs": [
            {"label": label, "href": f"?show={state}#deliveries", "current": show == state} for state, label in SHOWN
        ],
        "any_failed": integration.messages.filter(state="failed").exists(),
        "can_test": integration.source in SAMPLES and not integration.disabled_at,
        "snippet": f"oncall/_send_{integration.source}.html",
        "known": integration.source in SAMPLES,
        "secret": "",
    }
    return render(request, "oncall/integration_detail.html", context)


@never_cache
@require_POST
@administrators
def secret_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A second secret, shown once; the first works until it is retired."""
    integration = _integration(pk)
    try:
        secret = services.rotate_secret(integration=integration, by=asker(request))
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect(_url(integration))
    return _secret(request, integration, secret, status=201)


@never_cache
@require_http_methods(["GET", "POST"])
@administrators
def secret_theirs(request: HttpRequest, pk: int) -> HttpResponse:
    """A secret that the sender made, such as the client secret of Sentry."""
    integration, form = _integration(pk), SecretForm(request.POST or None)
    keep = partial(services.rotate_secret, integration=integration, by=asker(request))
    if request.method == "POST" and carry_out(form, keep):
        messages.success(request, "Their secret is good from now on, and ours until you retire it.")
        return redirect(_url(integration))
    context = {"integration": integration, "form": form}
    return render(request, "oncall/integration_theirs.html", context, status=status_of(form))


@require_POST
@administrators
def secret_retire(request: HttpRequest, pk: int, secret: int) -> HttpResponse:
    found = get_object_or_404(IntegrationSecret, pk=secret, integration=pk)
    return press(
        request,
        partial(services.retire_secret, secret=found, by=asker(request)),
        done="The secret is retired; what is signed with it is refused from now on.",
        to=reverse("oncall:integration", args=[pk]),
    )


@require_POST
@administrators
def integration_disable(request: HttpRequest, pk: int) -> HttpResponse:
    integration = _integration(pk)
    return press(
        request,
        partial(services.disable_integration, integration=integration, by=asker(request)),
        done="Its address answers 404 from now on.",
        to=_url(integration),
    )


@require_POST
@administrators
def integration_enable(request: HttpRequest, pk: int) -> HttpResponse:
    integration = _integration(pk)
    return press(
        request,
        partial(services.enable_integration, integration=integration, by=asker(request)),
        done="Its address takes messages again.",
        to=_url(integration),
    )


@require_POST
@administrators
def integration_test(request: HttpRequest, pk: int) -> HttpResponse:
    """A sample goes through the intake as if the sender had sent it; what comes of it is on its own page."""
    integration = _integration(pk)
    try:
        answer = send_sample(integration)
    except Conflict as refusal:
        messages.error(request, refusal.detail)
        return redirect(_url(integration))
    told = json.loads(answer.content)
    if answer.status_code != 202:
        messages.error(request, f"The intake answered {answer.status_code}: {told['detail']}")
        return redirect(_url(integration))
    messages.success(request, "A sample was sent and kept: this is what came of it.")
    return redirect("oncall:delivery", pk, told["id"])


def _integration(pk: int) -> Integration:
    return get_object_or_404(Integration, pk=pk)


def _stats(lately: Traffic) -> list[dict[str, Any]]:
    counts = lately.counts
    others = [("Processed", "done"), ("Ignored", "ignored"), ("Waiting", "waiting"), ("Failed", "failed")]
    received = {"label": "Received", "value": lately.received, "note": "24 h"}
    return [received, *({"label": label, "value": counts.get(state, 0)} for label, state in others)]


def _url(integration: Integration) -> str:
    return reverse("oncall:integration", args=[integration.pk])


def _secret(request: HttpRequest, integration: Integration, secret: str, *, status: int) -> HttpResponse:
    context = {
        "integration": integration,
        "secret": secret,
        "snippet": f"oncall/_send_{integration.source}.html",
        "known": integration.source in SAMPLES,
        **urls(integration, secret),
    }
    return render(request, "oncall/integration_secret.html", context, status=status)
