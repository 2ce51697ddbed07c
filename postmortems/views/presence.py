"""What an open page of a post-mortem asks for again and again: who is there, and which version each section has.

Only who may see the post-mortem says that they are there, or sees who is.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from notifications import live
from oncall.requests import Request
from postmortems import services
from postmortems.models import Postmortem, Section
from postmortems.services.common import topic
from postmortems.services.presence import topic as presence_topic
from postmortems.views.base import postmortem_or_404


def context(_request: Request, postmortem: Postmortem) -> dict[str, Any]:
    """What the page needs so that it hears of changes, and of coming and going."""
    return {"live_token": f"{live.token(topic(postmortem))} {live.token(presence_topic(postmortem))}"}


@require_http_methods(["GET", "POST"])
def presence(request: Request, number: int) -> HttpResponse:
    """How it stands. POST says first that one is there, writing in `section`, or that one leaves (`leave`)."""
    postmortem = postmortem_or_404(request, number)
    if "leave" in request.POST:
        services.leave(postmortem=postmortem, person=request.user)
        return HttpResponse(status=204)
    if request.method == "POST":
        services.be_present(postmortem=postmortem, person=request.user, section=request.POST.get("section", ""))
    return JsonResponse(_standing(postmortem, request))


def _standing(postmortem: Postmortem, request: Request) -> dict[str, Any]:
    """`versions` by section; `present`, the others who are there, as HTML: by section, "" for the whole page."""
    others = [here for here in services.present(postmortem) if here.person_id != request.user.pk]
    writers: dict[str, list[Any]] = {"": others} if others else {}
    for here in others:
        if here.section:
            writers.setdefault(here.section, []).append(here)
    return {
        "versions": dict(Section.objects.filter(postmortem=postmortem).values_list("key", "version")),
        "present": {
            key: render_to_string("postmortems/_present.html", {"here": here, "section": key})
            for key, here in writers.items()
        },
    }
