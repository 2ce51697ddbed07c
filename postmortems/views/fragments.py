"""What other rooms show of this one: pieces that their pages fetch and that decide by themselves who may see them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from incidents.models import Incident
from incidents.severity import severity
from oncall.models import Service
from oncall.requests import Request
from postmortems.finding.resemblance import SeenHit
from postmortems.finding.seen_before import certain_errors, find, first_line, for_incident
from postmortems.models import Action, ArticleUse, Postmortem, Problem, Review
from postmortems.text import rendering

SHOWN = 5
FEW = 2


@require_GET
def seen_before(request: Request, number: int) -> HttpResponse:
    """Known errors with their workaround, similar incidents, and articles that may help."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), number=number)
    seen = for_incident(incident, request.user)
    context = {
        "incident": incident,
        "seen": seen,
        "known_errors": _workarounds(seen.known_errors),
        "helped": set(ArticleUse.objects.filter(incident=incident).values_list("article_id", flat=True)),
        "may_write": request.user.is_responder,
    }
    return render(request, "postmortems/_seen_before.html", context)


@require_GET
def seen_in_words(request: Request) -> HttpResponse:
    """What resembles the title somebody is typing (`?title=`, `?summary=`); nothing where nothing does."""
    typed = f"{request.GET.get('title', '')} {request.GET.get('summary', '')[:300]}"
    concerned = Service.objects.visible_to(request.user).filter(slug__in=request.GET.getlist("services"))
    seen = find(typed, request.user, services=concerned)
    context = {"seen": seen, "known_errors": _workarounds(seen.known_errors)}
    return render(request, "postmortems/_seen_in_words.html", context)


@require_GET
def known_now(request: Request, number: int) -> HttpResponse:
    """At the head of the room, while it goes on: known errors that it is like, with the way around at once."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), number=number)
    known = certain_errors(incident, Problem.objects.visible_to(request.user)) if incident.is_open else []
    context = {"known": [(problem, first_line(problem.workaround)) for problem in known[:FEW]]}
    return render(request, "postmortems/_known_now.html", context)


def _workarounds(hits: list[SeenHit]) -> list[tuple[Problem, str, SeenHit]]:
    return [(hit.row, rendering.to_html(hit.workaround), hit) for hit in hits]


@require_GET
def of_incident(request: Request, number: int) -> HttpResponse:
    """Its post-mortems, or what to do where there is none."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user), number=number)
    context = {
        "incident": incident,
        "postmortems": Postmortem.objects.visible_to(request.user).filter(incidents=incident),
        "hidden": incident.postmortems.exists(),
        "exemption": getattr(incident, "exemption", None),
        "required": severity(incident.severity).post_mortem_required and not incident.practice,
        "over": incident.status in ("resolved", "closed"),
        "problems": Problem.objects.visible_to(request.user).filter(incidents=incident),
        "may_write": request.user.is_responder,
        "now": timezone.now(),
    }
    return render(request, "postmortems/_of_incident.html", context)


@require_GET
def waiting(request: Request) -> HttpResponse:
    """What waits for me: reviews, actions that are due, post-mortems that I facilitate."""
    seen = Postmortem.objects.visible_to(request.user)
    mine = Action.objects.visible_to(request.user).open().filter(owner=request.user).select_related("postmortem")
    reviews = Review.objects.filter(
        person=request.user, signed_off_at=None, postmortem__in=seen.filter(status="in_review")
    )
    context = {
        "reviews": reviews.select_related("postmortem")[:SHOWN],
        "actions": mine.order_by("due_on")[:SHOWN],
        "facilitated": seen.filter(facilitator=request.user).exclude(status="published").order_by("due_at")[:SHOWN],
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return render(request, "postmortems/_waiting.html", context)


@require_GET
def known_errors(request: Request, slug: str = "") -> HttpResponse:
    """Of one service, or of several (`?services=a,b`) for somebody who is about to declare."""
    several = ",".join(request.GET.getlist("services"))
    slugs = [slug, *several.split(",")]
    services = list(Service.objects.visible_to(request.user).filter(slug__in=[s for s in slugs if s]))
    found = known_to(request, services)
    rows = [(problem, rendering.to_html(problem.workaround), None) for problem in found[:SHOWN]]
    context = {"known_errors": rows, "services": services, "quiet": not slug}
    return render(request, "postmortems/_known_errors.html", context)


def known_to(request: Request, services: list[Service]) -> QuerySet[Problem]:
    rows = Problem.objects.visible_to(request.user).known_errors().filter(services__in=services)
    return rows.distinct().order_by("impact", "urgency", "-number")
