"""The lists of problems: what is not removed yet, known errors by what one sees, and what incidents suggest."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from changes.models import Change
from notifications.refusals import carry_out
from oncall.models import Service
from oncall.requests import Request
from postmortems import services
from postmortems.finding.recall import in_order, ranked_problems
from postmortems.forms.problems import DismissForm
from postmortems.models import Factor, Problem
from postmortems.problems.harm import with_impact
from postmortems.problems.suggestions import suggestions
from postmortems.text import rendering
from postmortems.views.base import page_of


@require_GET
def listing(request: Request) -> HttpResponse:
    """`status` (unresolved unless told), `known_errors`, `category`, `service` and `q` narrow it.

    With `known_errors` it is for somebody on call: what one sees and the way around it, at a glance.
    """
    given = request.GET.dict()
    rows = narrowed(Problem.objects.visible_to(request.user), given).select_related("team", "category")
    rows = with_impact(rows.prefetch_related("services"))
    page = page_of(request, _sorted(rows, given.get("q", ""), request.user))
    known = bool(given.get("known_errors") or given.get("known"))
    plain = not {name for name, value in given.items() if value} - {"page"}
    context = {
        "page": page,
        "known": known,
        "workarounds": [(problem, rendering.to_html(problem.workaround)) for problem in page] if known else [],
        "filters": given,
        "statuses": Problem.Status.choices,
        "categories": Factor.objects.all(),
        "services": Service.objects.visible_to(request.user),
        "suggestions": suggestions(request.user) if plain and page.number == 1 else [],
        "may_write": request.user.is_responder,
    }
    return render(request, "postmortems/problem_list.html", context)


def narrowed(rows: QuerySet[Problem], given: dict[str, str]) -> QuerySet[Problem]:
    if given.get("status") in Problem.Status.values:
        rows = rows.filter(status=given["status"])
    elif given.get("status") != "all":
        rows = rows.exclude(status__in=("resolved", "closed"))
    if given.get("known_errors") or given.get("known"):
        rows = rows.filter(known_error_at__isnull=False)
    if given.get("category"):
        rows = rows.filter(category__key=given["category"])
    if given.get("service"):
        rows = rows.filter(pk__in=Problem.objects.filter(services__slug=given["service"]).values("pk"))
    return rows


def _sorted(rows: QuerySet[Problem], q: str, user: object) -> QuerySet[Problem]:
    """The most pressing first; with words, those alone that have them or are like them, the best first."""
    if not q.strip():
        return rows.order_by("impact", "urgency", "-number")
    return in_order(rows, ranked_problems(q, user))


@require_POST
def dismiss(request: Request) -> HttpResponse:
    """Say why no problem is opened for what recurs; asked again when more incidents come."""
    form = DismissForm(request.POST)
    number = 0
    if form.is_valid():
        factor, service = form.cleaned_data["factor"], form.cleaned_data["service"]
        number = sum(len(one.incidents) for one in suggestions(request.user, factor=factor.key, service=service.slug))
    if carry_out(form, partial(services.dismiss_suggestion, incidents=number, by=request.user)):
        messages.success(request, "It is asked again when more incidents share them.")
    else:
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
    return redirect("postmortems:problems")


@require_GET
def of_change(request: Request, pk: int) -> HttpResponse:
    """On the page of a change: the problems that it removes."""
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    found = Problem.objects.visible_to(request.user).filter(changes=change)
    return render(request, "postmortems/_of_change.html", {"problems": found})
