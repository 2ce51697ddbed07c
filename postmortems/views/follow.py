"""What follows from a post-mortem: problems and articles, and the factors that no problem sees to yet."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from notifications.refusals import press
from oncall.requests import Request
from postmortems import services
from postmortems.models import Article, FactorFinding, Postmortem, Problem
from postmortems.problems.remaining import remaining
from postmortems.services.removal import linked_to
from postmortems.views.base import number_in, postmortem_or_404


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    problems = linked_to(postmortem, request.user)
    return {
        "problems": problems,
        "articles": list(Article.objects.visible_to(request.user).filter(postmortems=postmortem)),
        "remaining": remaining(postmortem, request.user, problems, postmortem.findings.all()),
    }


@require_POST
def link_factor(request: Request, number: int, finding: int) -> HttpResponse:
    """Have a problem that there is see to this factor."""
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(FactorFinding.objects.select_related("factor"), postmortem=postmortem, pk=finding)
    given = request.POST.get("problem", "")
    visible = Problem.objects.visible_to(request.user).select_related("category")
    problem = get_object_or_404(visible, number=number_in(given))
    return press(
        request,
        partial(services.link_factor, finding=found, problem=problem, by=request.user),
        done=f"P{problem.number} sees to “{found.factor}”.",
        to=f"{postmortem.get_absolute_url()}#s-follow",
    )
