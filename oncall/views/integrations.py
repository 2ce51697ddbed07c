"""Integrations: made, tried, rotated, retired; and what they sent lately."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import inbox
from notifications.errors import Conflict
from notifications.models import InboundMessage, Integration, IntegrationSecret
from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.settings import IntegrationForm
from oncall.requests import administrators, asker
from oncall.samples import SAMPLES, send_sample
from oncall.services.integrations import live_secrets, sources, urls

LATEST = 50


@require_GET
@administrators
def integration_list(request: HttpRequest) -> HttpResponse:
    live = Count("secrets", filter=Q(secrets__retired_at=None), distinct=True)
    found = Integration.objects.annotate(live=live, last=Max("messages__received_at"))
    return render(request, "oncall/integration_list.html", {"integrations": found.order_by("disabled_at", "name")})


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


@require_GET
@administrators
def integration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    integration = _integration(pk)
    latest = integration.messages.defer("body", "headers").order_by("-received_at")[:LATEST]
    context = {
        "integration": integration,
        "url": urls(integration)["url"],
        "secrets": live_secrets(integration),
        "deliveries": latest,
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
def integration_test(request: HttpRequest, pk: int) -> HttpResponse:
    """A sample goes through the intake as if the sender had sent it."""
    integration = _integration(pk)

    def try_it() -> None:
        answer = send_sample(integration)
        if answer.status_code != 202:
            raise Conflict(f"The intake answered {answer.status_code}: {answer.content.decode()}")

    return press(request, try_it, done="A sample was sent and kept; see what came of it below.", to=_url(integration))


@require_POST
@administrators
def delivery_replay(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    found = get_object_or_404(InboundMessage, pk=message, integration=pk)
    return press(
        request,
        partial(inbox.replay, found),
        done="It is processed again; what it said already has no second effect.",
        to=reverse("oncall:integration", args=[pk]),
    )


def _integration(pk: int) -> Integration:
    return get_object_or_404(Integration, pk=pk)


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
