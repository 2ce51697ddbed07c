"""How much each team has to do, over the actions that somebody may see. Of teams, never of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q

from oncall.models import Team
from postmortems.models import Action


@dataclass(frozen=True)
class Load:
    """What is open of a team (None: of no team yet). `greatest_days`: how long the oldest is overdue."""

    team: Team | None
    open: int
    overdue: int
    greatest_days: int | None


def loads(user: Any, today: date) -> list[Load]:
    """Of each team with something open, the most overdue first, what has no team last."""
    late = Q(due_on__lt=today)
    rows = Action.objects.visible_to(user).open().order_by().values("team")
    counted = list(
        rows.annotate(
            count=Count("pk"), overdue=Count("pk", filter=late), oldest=Min("due_on", filter=late)
        ).values_list("team", "count", "overdue", "oldest")
    )
    teams = Team.objects.in_bulk([pk for pk, *_ in counted if pk])
    found = [
        Load(teams.get(pk), count, overdue, (today - oldest).days if oldest else None)
        for pk, count, overdue, oldest in counted
    ]
    return sorted(found, key=lambda one: (one.team is None, -one.overdue, -one.open, str(one.team)))
