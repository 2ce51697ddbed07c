"""Comments on sections: every answer is the discussion of that section anew; without htmx one is led back to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Conflict, InvalidInput
from notifications.refusals import press
from oncall.requests import Request
from postmortems.models import Comment, Postmortem, Section
from postmortems.services import comments as services
from postmortems.text.threads import discussions
from postmortems.views.base import postmortem_or_404


def context(_request: Request, postmortem: Postmortem) -> dict[str, Any]:
    """What the page of a post-mortem needs: every thread, and how far they have come."""
    seen = _stamp(postmortem)  # before they are read: what comes between is fetched once more, never missed
    return {"discussions": discussions(postmortem), "comments_seen": seen}


@require_GET
def latest(request: Request, number: int) -> HttpResponse:
    """All that was said, for a page that is open; 204 where it has seen that (`seen`)."""
    postmortem = postmortem_or_404(request, number)
    if request.GET.get("seen") == _stamp(postmortem):
        return HttpResponse(status=204)
    told = {"postmortem": postmortem} | context(request, postmortem)
    return render(request, "postmortems/_comments_latest.html", told)


@require_http_methods(["GET", "POST"])
def of_section(request: Request, number: int, key: str) -> HttpResponse:
    """POST begins a thread."""
    section = get_object_or_404(Section, postmortem=postmortem_or_404(request, number), key=key)
    if request.method == "GET":
        return _shown(request, section)
    body, quote = _text(request, "body"), _text(request, "quote")
    do = partial(services.comment, section=section, body=body, quote=quote, by=request.user)
    return _done(request, section, do, "Commented.")


@require_POST
def reply(request: Request, number: int, comment: int) -> HttpResponse:
    found = _comment(request, number, comment)
    do = partial(services.reply, thread=found, body=_text(request, "body"), by=request.user)
    return _done(request, found.section, do, "Answered.")


@require_POST
def edit(request: Request, number: int, comment: int) -> HttpResponse:
    found = _comment(request, number, comment)
    do = partial(services.edit_comment, comment=found, body=_text(request, "body"), by=request.user)
    return _done(request, found.section, do, "Changed.")


@require_POST
def withdraw(request: Request, number: int, comment: int) -> HttpResponse:
    found = _comment(request, number, comment)
    do = partial(services.withdraw_comment, comment=found, by=request.user)
    return _done(request, found.section, do, "Taken back.")


@require_POST
def resolve(request: Request, number: int, comment: int) -> HttpResponse:
    found = _comment(request, number, comment)
    do = partial(services.resolve_thread, thread=found, by=request.user)
    return _done(request, found.section, do, "Resolved.")


@require_POST
def reopen(request: Request, number: int, comment: int) -> HttpResponse:
    found = _comment(request, number, comment)
    do = partial(services.reopen_thread, thread=found, by=request.user)
    return _done(request, found.section, do, "Open again.")


def _comment(request: Request, number: int, pk: int) -> Comment:
    comments = Comment.objects.select_related("section__postmortem", "thread")
    return get_object_or_404(comments, section__postmortem=postmortem_or_404(request, number), pk=pk)


def _done(request: Request, section: Section, do: Callable[[], Comment], done: str) -> HttpResponse:
    if not request.htmx:
        where = f"{section.postmortem.get_absolute_url()}#comments-{section.key}"
        return press(request, do, done=done, to=where)
    try:
        do()
    except (InvalidInput, Conflict) as refusal:
        answer = _shown(request, section, status=409 if isinstance(refusal, Conflict) else 422)
        answer["HX-Trigger"] = json.dumps({"toast": {"text": str(refusal), "tone": "bad"}})
        return answer
    answer = _shown(request, section)
    answer["HX-Trigger"] = json.dumps({"toast": {"text": done}})
    return answer


def _shown(request: Request, section: Section, status: int = 200) -> HttpResponse:
    told = {"postmortem": section.postmortem, "section": section}
    return render(request, "postmortems/_comments_answer.html", told, status=status)


def _stamp(postmortem: Postmortem) -> str:
    """How far the discussion has come: another string once anything is said, changed, taken back or settled."""
    told = Comment.objects.filter(section__postmortem=postmortem)
    moments = (Max("edited_at"), Max("withdrawn_at"), Max("resolved_at"))
    last = told.aggregate(Count("pk"), Count("resolved_at"), Max("pk"), *moments)
    return "-".join(str(value.timestamp() if hasattr(value, "timestamp") else value or 0) for value in last.values())


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n")
