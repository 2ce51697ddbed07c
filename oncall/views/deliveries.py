"""One message that a sender sent: what it said, what it was read as, what came of it; and processing it again."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications import inbox
from notifications.models import InboundMessage, Integration
from notifications.payloads import MalformedPayload
from notifications.refusals import press
from notifications.showing import shown_body, shown_events, shown_headers
from oncall.requests import administrators

MOST_EVENTS = 20


@require_GET
@administrators
def delivery(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    found = get_object_or_404(InboundMessage.objects.select_related("integration"), pk=message, integration=pk)
    return render(request, "oncall/delivery_detail.html", described(found))


@require_POST
@administrators
def delivery_replay(request: HttpRequest, pk: int, message: int) -> HttpResponse:
    found = get_object_or_404(InboundMessage, pk=message, integration=pk)
    return press(
        request,
        partial(inbox.replay, found),
        done="It is processed again; what it said already has no second effect.",
        to=reverse("oncall:delivery", args=[pk, message]),
    )


@require_POST
@administrators
def replay_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """All of this integration's messages that failed are processed again."""
    count = inbox.replay_failed(get_object_or_404(Integration, pk=pk))
    some = "1 message is" if count == 1 else f"{count} messages are"
    messages.success(request, f"{some} processed again; what was said already has no second effect.")
    return redirect("oncall:integration", pk)


def described(message: InboundMessage) -> dict[str, Any]:
    """A message as it may be shown: nothing in it is a secret of the integration's, or looks like one."""
    secrets = message.integration.secrets.values_list("secret", flat=True) if message.integration else []
    live, body = list(secrets), bytes(message.body)
    read_at = timezone.now()
    events, unreadable = _events(message, body)
    return {
        "message": message,
        "integration": message.integration,
        "size": len(body),
        "headers": shown_headers(message.headers, live),
        "body": shown_body(body, live),
        "events": shown_events(events, read_at=read_at, came_at=message.received_at, most=MOST_EVENTS),
        "more": max(0, len(events) - MOST_EVENTS),
        "unreadable": unreadable,
    }


def _events(message: InboundMessage, body: bytes) -> tuple[list[Any], str]:
    """What the message is read as, else why it cannot be."""
    sender = inbox.sender(message.source)
    if sender is None:
        return [], f"No sender is registered for {message.source}."
    try:
        return list(sender.parse(message.headers, body)), ""
    except MalformedPayload as error:
        return [], str(error)
