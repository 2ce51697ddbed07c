"""Factors that are not removed yet, with the problems that could see to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from postmortems.models import FactorFinding, Postmortem, Problem
from postmortems.services.removal import not_removed

MOST_OFFERED = 50


@dataclass(frozen=True)
class Remaining:
    """A factor that still contributes, and the problems that could see to it: those of this post-mortem first."""

    finding: FactorFinding
    problems: list[Problem]


def remaining(postmortem: Postmortem, user: Any) -> list[Remaining]:
    """Each with the unresolved problems of its category, and those that have none, as far as this user sees them."""
    findings = not_removed(postmortem, user)
    if not findings:
        return []
    rows = Problem.objects.visible_to(user).unresolved()
    own = set(rows.filter(postmortems=postmortem).values_list("pk", flat=True))
    found = sorted(rows.order_by("-number")[:MOST_OFFERED], key=lambda one: one.pk not in own)
    return [
        Remaining(one, [problem for problem in found if problem.category_id in (None, one.factor_id)])
        for one in findings
    ]
