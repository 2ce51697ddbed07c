"""Downloading a post-mortem."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from notifications.errors import Conflict, InvalidInput
from oncall.requests import Request
from postmortems.export import exported
from postmortems.views.base import postmortem_or_404


@require_GET
def export(request: Request, number: int) -> HttpResponse:
    """The file in the `format` that is asked for; what cannot be made is said on the post-mortem's page."""
    postmortem = postmortem_or_404(request, number)
    try:
        return exported(postmortem, request.user, request.GET.get("format", "pdf")).response()
    except (InvalidInput, Conflict) as refusal:
        messages.error(request, str(refusal))
        return redirect(postmortem)
