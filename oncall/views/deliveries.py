"""One message that a sender sent: what it said, what it was read as, what came of it; and processing it again."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from notifications import inbox
from notifications.models import InboundMessage, Integration
from notifications.refusals import press
from oncall.delivered import described
from oncall.requests import administrators


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
