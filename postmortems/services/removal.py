"""Factors that are not removed yet: what contributed and has no problem record that will see to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import FactorFinding, Postmortem, Problem
from postmortems.services.common import locked, tell


def linked_to(postmortem: Postmortem, user: Any) -> list[Problem]:
    """The problems that this user may see of those that came from it, or were linked to it."""
    return list(Problem.objects.visible_to(user).filter(postmortems=postmortem))


def not_removed(
    postmortem: Postmortem,
    user: Any,
    linked: Collection[Problem] | None = None,
    findings: Iterable[FactorFinding] | None = None,
) -> list[FactorFinding]:
    """Contributing factors that nobody has fixed and no linked problem of that category sees to, as this user sees it.

    Where they are read already: `linked`, the problems of the post-mortem that this user may see; `findings`, its own,
    with their factors.
    """
    seen_to = {one.category_id for one in (linked_to(postmortem, user) if linked is None else linked)}
    rows = postmortem.findings.select_related("factor") if findings is None else findings
    return [one for one in rows if one.kind == "contributing" and one.fixed_at is None and one.factor_id not in seen_to]


@transaction.atomic
def link_factor(*, finding: FactorFinding, problem: Problem, by: Person | None) -> Problem:
    """Have a problem that there is see to this factor, also after publishing. One without a category gets this one.

    Raises `InvalidInput` for a problem of another category, `Conflict` for a factor that contributes no more.
    """
    require_responder(by)
    problem = locked(problem)
    if finding.kind != FactorFinding.Kind.CONTRIBUTING or finding.fixed_at:
        raise Conflict(f"“{finding.factor}” contributes no more: no problem has to see to it.")
    if problem.category_id not in (None, finding.factor_id):
        raise InvalidInput(
            problem=f"P{problem.number} is about “{problem.category}”, not “{finding.factor}”: open another problem."
        )
    if problem.category_id is None:
        problem.category = finding.factor
        problem.save(update_fields=["category"])
    problem.postmortems.add(finding.postmortem)
    tell(problem)
    tell(finding.postmortem)
    return problem
