"""Problem records: causes not yet removed, their known errors and workarounds."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications.durations import words
from notifications.refusals import carry_out, press
from oncall.requests import Request
from postmortems import services
from postmortems.forms.problems import KnownErrorForm, LinkForm, OpenProblemForm, ProblemForm, ResolveForm
from postmortems.models import Action, Article, Problem
from postmortems.problems import lifecycle as problem_lifecycle
from postmortems.problems.asks import asks
from postmortems.problems.harm import fixes, impact_of
from postmortems.text import rendering
from postmortems.views.base import problem_or_404
from postmortems.views.prefill import prefilled

VERBS = {
    "assess": "Assess",
    "investigating": "Investigate",
    "fix_in_progress": "Start the fix",
    "resolved": "Resolve",
    "closed": "Close",
    "reopened": "Reopen",
}
FIELDS = (
    *("title", "symptoms", "statement", "impact", "urgency", "origin"),
    *("workaround", "effectiveness", "cause_notes", "fix_notes"),
)


@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    return _page(request, problem_or_404(request, number))


def _page(request: Request, problem: Problem, status: int = 200, **forms: Any) -> HttpResponse:
    """The page; `forms`: those that were refused, by name."""
    others = Problem.objects.visible_to(request.user).exclude(pk=problem.pk)
    context = {
        "problem": problem,
        "texts": [
            (title, rendering.to_html(text))
            for title, text in (
                ("What one sees", problem.symptoms),
                ("What happens", problem.statement),
                ("What is known of the cause", problem.cause_notes),
                ("What would remove it", problem.fix_notes),
            )
            if text
        ],
        "workaround": rendering.to_html(problem.workaround),
        "incidents": problem.incidents.order_by("-number"),
        "impact": (cost := impact_of(problem)),
        "lasted": words(cost.total_seconds),
        "usual": words(cost.median_seconds or 0),
        "asks": asks(problem, request.user),
        "fixes": fixes(problem, request.user),
        "postmortems": problem.postmortems.all(),
        "changes": problem.changes.select_related("service"),
        "actions": Action.objects.visible_to(request.user).filter(problems=problem).select_related("owner", "team"),
        "articles": Article.objects.visible_to(request.user).filter(problems=problem),
        "moves": [(to, VERBS[to]) for to in problem_lifecycle.allowed(problem.status) if to != "resolved"],
        "may_resolve": "resolved" in problem_lifecycle.allowed(problem.status),
        "unresolved": problem.status not in ("resolved", "closed"),
        "may_write": request.user.is_responder,
        "today": timezone.localdate(),
        "known_error_form": KnownErrorForm(
            initial={name: getattr(problem, name) for name in ("cause_notes", "workaround", "effectiveness")},
            prefix="known",
        ),
        "resolve_form": ResolveForm(problems=others, prefix="resolve"),
        "link_form": LinkForm(user=request.user, prefix="link"),
        **forms,
    }
    return render(request, "postmortems/problem_detail.html", context, status=status)


def new(request: Request) -> HttpResponse:
    """Open one; `?incident=`, `?postmortem=`, `?factor=` and `?service=` fill in what it comes from."""
    form = OpenProblemForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=prefilled(request)
    )
    if request.method == "POST" and (opened := carry_out(form, partial(services.open_problem, by=request.user))):
        return redirect(opened)
    context = {"form": form, "title": "Open a problem", "submit": "Open problem"}
    return render(request, "postmortems/record_form.html", context, status=422 if form.errors else 200)


def edit(request: Request, number: int) -> HttpResponse:
    problem = problem_or_404(request, number)
    initial = {name: getattr(problem, name) for name in FIELDS}
    initial |= {"owner": problem.owner_id, "team": problem.team_id, "category": problem.category_id}
    initial |= {"services": problem.services.all()}
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.edit_problem, problem=problem, by=request.user)):
        return redirect(problem)
    context = {
        "form": form,
        "title": f"Edit P{problem.number}",
        "submit": "Save problem",
        "cancel": problem.get_absolute_url(),
    }
    return render(request, "postmortems/record_form.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: Request, number: int) -> HttpResponse:
    """Along its life; resolving takes an outcome."""
    problem = problem_or_404(request, number)
    to = request.POST.get("to", "")
    if to != "resolved":
        return press(
            request,
            partial(services.transition_problem, problem=problem, to=to, by=request.user),
            done="Moved.",
            to=problem.get_absolute_url(),
        )
    others = Problem.objects.visible_to(request.user).exclude(pk=problem.pk)
    form = ResolveForm(request.POST, problems=others, prefix="resolve")
    if carry_out(form, partial(services.transition_problem, problem=problem, to=to, by=request.user)):
        return redirect(problem)
    return _page(request, problem, status=422, resolve_form=form)


@require_POST
def known_error(request: Request, number: int) -> HttpResponse:
    problem = problem_or_404(request, number)
    form = KnownErrorForm(request.POST, prefix="known")
    if carry_out(form, partial(services.mark_known_error, problem=problem, by=request.user)):
        return redirect(problem)
    return _page(request, problem, status=422, known_error_form=form)


@require_POST
def link(request: Request, number: int) -> HttpResponse:
    """Add an incident, a post-mortem or a change that fixes it."""
    problem = problem_or_404(request, number)
    form = LinkForm(request.POST, user=request.user, prefix="link")

    def add(kind: str, row: Any, **_: Any) -> Problem:
        return services.link_problem(problem=problem, by=request.user, **{kind: [row]})

    if carry_out(form, add):
        return redirect(problem)
    return _page(request, problem, status=422, link_form=form)


@require_POST
def unlink(request: Request, number: int, kind: str, pk: int) -> HttpResponse:
    """Take one link back; `kind`: incidents, postmortems or changes."""
    problem = problem_or_404(request, number)
    rows = getattr(problem, kind).filter(pk=pk)
    return press(
        request,
        lambda: services.unlink_problem(problem=problem, by=request.user, **{kind: list(rows)}),
        done="The link is taken back.",
        to=problem.get_absolute_url(),
    )
