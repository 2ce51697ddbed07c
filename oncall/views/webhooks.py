"""Outgoing webhooks: made, tried, rotated, switched off; and what became of each message."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Conflict
from notifications.models import Webhook, WebhookMessage
from notifications.refusals import carry_out, press, status_of
from oncall.forms.webhooks import LogForm, WebhookForm, initial_of
from oncall.requests import administrators, asker
from oncall.services import webhooks as services

PER_PAGE = 25


@require_GET
@administrators
def webhook_list(request: HttpRequest) -> HttpResponse:
    found = Webhook.objects.annotate(last=Max("messages__sent_at")).order_by("disabled_at", "name")
    return render(request, "oncall/webhook_list.html", {"webhooks": found})


@never_cache
@require_http_methods(["GET", "POST"])
@administrators
def webhook_new(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)

    def make(**_: Any) -> tuple[Webhook, str]:
        return services.create_webhook(**form.given(), by=asker(request))

    if request.method == "POST" and (made := carry_out(form, make)):
        return _secret(request, *made)
    return render(request, "oncall/webhook_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def webhook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = _webhook(pk)
    form = WebhookForm(request.POST or None, initial=initial_of(webhook))

    def change(**_: Any) -> Webhook:
        return services.change_webhook(webhook=webhook, **form.given(), by=asker(request))

    if request.method == "POST" and carry_out(form, change):
        messages.success(request, "The webhook is changed.")
        return redirect(_url(webhook))
    return render(request, "oncall/webhook_form.html", {"form": form, "webhook": webhook}, status=status_of(form))


@require_GET
@administrators
def webhook_detail(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = _webhook(pk)
    log = webhook.messages.defer("body").order_by("-created_at", "-pk")
    filters = LogForm(request.GET)
    if filters.is_valid():
        log = log.filter(**{name: value for name, value in filters.cleaned_data.items() if value})
    context = {
        "webhook": webhook,
        "filters": filters,
        "filtered": any(filters.data.get(name) for name in filters.fields),
        "page": Paginator(log, PER_PAGE).get_page(request.GET.get("page")),
        "failed": webhook.messages.filter(state=WebhookMessage.State.FAILED).exists(),
    }
    return render(request, "oncall/webhook_detail.html", context)


@never_cache
@require_POST
@administrators
def webhook_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once; the former one signs too until it is retired."""
    webhook = _webhook(pk)
    try:
        secret = services.rotate_webhook(webhook=webhook, by=asker(request))
    except Conflict as error:
        messages.error(request, error.detail)
        return redirect(_url(webhook))
    return _secret(request, webhook, secret)


@require_POST
@administrators
def webhook_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One of the buttons: `ACTS`."""
    webhook = _webhook(pk)
    service, done = ACTS[act]
    return press(request, partial(service, webhook=webhook, by=asker(request)), done=done, to=_url(webhook))


@require_POST
@administrators
def webhook_delete(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = _webhook(pk)
    return press(
        request,
        partial(services.delete_webhook, webhook=webhook, by=asker(request)),
        done=f"The webhook “{webhook}” and its log are gone.",
        to=reverse("oncall:webhooks"),
    )


@require_POST
@administrators
def message_replay(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    found = get_object_or_404(WebhookMessage.objects.select_related("webhook"), pk=message, webhook=pk)
    return press(
        request,
        partial(services.replay_message, message=found, by=asker(request)),
        done="It is sent again, under the same webhook-id.",
        to=reverse("oncall:webhook", args=[pk]),
    )


ACTS: dict[str, tuple[Any, str]] = {
    "test": (services.test_webhook, "A test message is on its way; see below what comes of it."),
    "retire-former": (services.retire_former_secret, "From now on the new secret signs alone."),
    "disable": (services.disable_webhook, "Nothing more is sent to it."),
    "enable": (services.enable_webhook, "It is told of what happens from now on; what failed can be replayed."),
    "replay-failed": (services.replay_failed, "What failed within the last week is sent again."),
}


def _webhook(pk: int) -> Webhook:
    return get_object_or_404(Webhook, pk=pk)


def _url(webhook: Webhook) -> str:
    return reverse("oncall:webhook", args=[webhook.pk])


def _secret(request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
    return render(request, "oncall/webhook_secret.html", {"webhook": webhook, "secret": secret}, status=201)
