"""What the facilitator needs around a post-mortem: people, the meeting, notes that are not for everybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oncall.requests import Request
from postmortems.views.base import postmortem_or_404
from postmortems.views.tabs import tabs


@require_GET
def facilitation(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    context = {"postmortem": postmortem, "tabs": tabs(postmortem, "Facilitation")}
    return render(request, "postmortems/facilitation.html", context)
