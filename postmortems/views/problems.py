"""Problem records: causes not yet removed, their known errors and workarounds."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from incidents.models import Incident
from notifications.refusals import carry_out, press
from oncall.models import Service
from oncall.requests import Request
from postmortems import problem_lifecycle, rendering, services
from postmortems.forms.problems import KnownErrorForm, LinkForm, OpenProblemForm, ProblemForm, ResolveForm
from postmortems.models import Action, Article, Postmortem, Problem
from postmortems.views.base import page_of, postmortem_or_404, problem_or_404

VERBS = {
    "assess": "Assess",
    "investigating": "Investigate",
    "fix_in_progress": "Start the fix",
    "resolved": "Resolve",
    "closed": "Close",
    "reopened": "Reopen",
}
FIELDS = ("title", "statement", "impact", "urgency", "origin", "workaround", "cause_notes", "fix_notes")


@require_GET
def listing(request: Request) -> HttpResponse:
    """`status` (unresolved unless told), `known`, `service` and `q` narrow it."""
    rows = narrowed(Problem.objects.visible_to(request.user), request.GET.dict()).select_related("team")
    rows = rows.prefetch_related("services").annotate(caused=Count("incidents", distinct=True))
    page = page_of(request, rows.order_by("impact", "urgency", "-number"))
    context = {
        "page": page,
        "filters": request.GET,
        "statuses": Problem.Status.choices,
        "services": Service.objects.visible_to(request.user),
        "may_write": request.user.is_responder,
    }
    return render(request, "postmortems/problem_list.html", context)


def narrowed(rows: QuerySet[Problem], given: dict[str, str]) -> QuerySet[Problem]:
    if given.get("status") in Problem.Status.values:
        rows = rows.filter(status=given["status"])
    elif given.get("status") != "all":
        rows = rows.exclude(status__in=("resolved", "closed"))
    if given.get("known"):
        rows = rows.filter(known_error_at__isnull=False)
    if given.get("service"):
        rows = rows.filter(services__slug=given["service"]).distinct()
    if given.get("q"):
        rows = rows.filter(title__icontains=given["q"])
    return rows


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
                ("What happens", problem.statement),
                ("What is known of the cause", problem.cause_notes),
                ("What would remove it", problem.fix_notes),
            )
            if text
        ],
        "workaround": rendering.to_html(problem.workaround),
        "incidents": problem.incidents.order_by("-number"),
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
            initial={"cause_notes": problem.cause_notes, "workaround": problem.workaround}, prefix="known"
        ),
        "resolve_form": ResolveForm(problems=others, prefix="resolve"),
        "link_form": LinkForm(user=request.user, prefix="link"),
        **forms,
    }
    return render(request, "postmortems/problem_detail.html", context, status=status)


def new(request: Request) -> HttpResponse:
    """Open one; `?incident=` and `?postmortem=` fill in what it comes from."""
    form = OpenProblemForm(
        request.POST if request.method == "POST" else None, user=request.user, initial=_from(request)
    )
    if request.method == "POST" and (opened := carry_out(form, partial(services.open_problem, by=request.user))):
        return redirect(opened)
    context = {"form": form, "title": "Open a problem", "submit": "Open problem"}
    return render(request, "postmortems/record_form.html", context, status=422 if form.errors else 200)


def _from(request: Request) -> dict[str, Any]:
    """Fields as far as an incident or a post-mortem can fill them."""
    if request.GET.get("postmortem", "").isdecimal():
        return _from_postmortem(postmortem_or_404(request, int(request.GET["postmortem"][:9])))
    found = Incident.objects.visible_to(request.user).filter(number=_number(request.GET.get("incident"))).first()
    if found is None:
        return {}
    affected = [service.pk for service in found.services.all()]
    return {"title": found.title, "statement": found.summary, "incidents": [found.pk], "services": affected}


def _from_postmortem(postmortem: Postmortem) -> dict[str, Any]:
    body = {section.key: section.body for section in postmortem.sections.all()}
    incidents = list(postmortem.incidents.prefetch_related("services"))
    return {
        "title": postmortem.title,
        "statement": next(
            (body[key] for key in ("trigger", "summary", "overview", "what_happened") if body.get(key)), ""
        ),
        "cause_notes": body.get("factors", ""),
        "workaround": next((body[key] for key in ("resolution", "recovery") if body.get(key)), ""),
        "incidents": [incident.pk for incident in incidents],
        "services": sorted({service.pk for incident in incidents for service in incident.services.all()}),
        "postmortem": postmortem.pk,
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1


def edit(request: Request, number: int) -> HttpResponse:
    problem = problem_or_404(request, number)
    initial = {name: getattr(problem, name) for name in FIELDS}
    initial |= {"owner": problem.owner_id, "team": problem.team_id, "services": problem.services.all()}
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
