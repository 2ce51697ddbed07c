"""Time set aside for improvement: planned and reported by a team, for a week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from notifications import live
from notifications.errors import Forbidden, InvalidInput
from oncall.models import Person, Team
from postmortems.improvement import monday_of
from postmortems.models import ImprovementTime
from postmortems.services.common import LIST, prose

FURTHEST = timedelta(days=366)
MOST_HOURS = Decimal(10_000)


class Told(TypedDict, total=False):
    """What is told of a week; what is left out stays. `spent_hours` None: not reported yet."""

    planned_hours: Decimal
    spent_hours: Decimal | None
    note: str


@transaction.atomic
def set_improvement_time(*, team: Team, week: date, by: Person | None, **told: Unpack[Told]) -> ImprovementTime:
    """Plan a week (its Monday), or report what became of it, once it has begun. Members of the team, its lead and
    administrators say so. Raises `Forbidden`, and `InvalidInput` by field."""
    if not may_write(team, by):
        raise Forbidden(f"{team} plans its own time: ask somebody of the team, or an administrator.")
    today = timezone.localdate()
    if week != monday_of(week):
        raise InvalidInput(week=f"{week} is a {week:%A}: give the Monday of the week, {monday_of(week)}.")
    if abs(week - today) > FURTHEST:
        raise InvalidInput(week=f"{week} is too far away: choose a week within a year.")
    if told.get("spent_hours") is not None and week > today:
        raise InvalidInput(spent_hours=f"The week of {week} has not begun: report it then.")
    for name in ("planned_hours", "spent_hours"):
        hours = told.get(name)
        if isinstance(hours, Decimal) and not 0 <= hours < MOST_HOURS:
            raise InvalidInput({name: [f"{hours} hours cannot be: give 0 or more, for the whole team."]})
    if "note" in told:
        told["note"] = prose("note", told["note"]).strip()
        if len(told["note"]) > 300:
            raise InvalidInput(note=f"This has {len(told['note'])} characters; shorten it to 300.")
    fields = {**told, "by": by, "at": timezone.now()}
    row, _ = ImprovementTime.objects.update_or_create(
        team=team, week=week, defaults=fields, create_defaults={"planned_hours": Decimal(0)} | fields
    )
    live.publish(LIST)
    return row


def may_write(team: Team, person: Person | None) -> bool:
    """Whether this person speaks for the team."""
    if person is None:
        return True
    if not (person.is_active and person.is_responder):
        return False
    return person.is_administrator or team.lead_id == person.pk or team.members.filter(pk=person.pk).exists()
