"""The timeline as every page of a post-mortem shows it: drawn, and moment by moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oncall.requests import Request
from postmortems.models import Postmortem
from postmortems.moments import pictures
from postmortems.timeline import told
from postmortems.views.base import postmortem_or_404


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    """For _rows_timeline.html, _course.html and _moments.html."""
    timeline = told(postmortem, request.user)
    return {"timeline": timeline, "pictures": pictures(postmortem, timeline, request.user)}


@require_GET
def course(request: Request, number: int) -> HttpResponse:
    """The picture alone, drawn anew after something was picked."""
    postmortem = postmortem_or_404(request, number)
    return render(request, "postmortems/_course.html", context(request, postmortem))
