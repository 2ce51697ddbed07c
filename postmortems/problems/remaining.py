"""Factors that are not removed yet, with the problems that could see to each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from postmortems.models import FactorFinding, Postmortem, Problem
from postmortems.services.removal import linked_to, not_removed

MOST_OFFERED = 50


@dataclass(frozen=True)
class Remaining:
    """A factor that still contributes, and the problems that could see to it: those of this post-mortem first."""

    finding: FactorFinding
    problems: list[Problem]


def remaining(
    postmortem: Postmortem,
    user: Any,
    linked: Collection[Problem] | None = None,
    findings: Iterable[FactorFinding] | None = None,
) -> list[Remaining]:
    """Each with the unresolved problems of its category, and those that have none, as far as this user sees them.

    `linked` and `findings`: as in `not_removed`, where they are read already.
    """
    linked = linked_to(postmortem, user) if linked is None else linked
    findings = not_removed(postmortem, user, linked, findings)
    if not findings:
        return []
    rows = Problem.objects.visible_to(user).unresolved()
    own = {one.pk for one in linked}
    found = sorted(rows.order_by("-number")[:MOST_OFFERED], key=lambda one: one.pk not in own)
    return [
        Remaining(one, [problem for problem in found if problem.category_id in (None, one.factor_id)])
        for one in findings
    ]
