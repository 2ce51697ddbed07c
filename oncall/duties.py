"""What still counts on a person: rotations, overrides to come, policies. Said before they are let go."""

from __future__ import annotations

from django.utils import timezone

from notifications.errors import Conflict
from oncall.models import Override, Person, Policy, Schedule, Team


def refuse_while_on_duty(person: Person) -> None:
    """Raises Conflict, saying by what, while a rotation, an override to come, a policy or a team counts on them."""
    ahead = Override.objects.filter(people=person, end__gt=timezone.now())
    rotas = Schedule.objects.filter(seats__retired_at=None, seats__layers__participants__person=person)
    found = [
        ("takes turns on", rotas.distinct()),
        ("has overrides on", Schedule.objects.filter(seats__overrides__in=ahead).distinct()),
        ("is a target of", Policy.objects.filter(steps__targets__person=person).distinct()),
        ("leads", Team.objects.filter(lead=person)),
    ]
    named = [(words, list(rows.values_list("slug", flat=True))) for words, rows in found]
    said = [f"{words} {', '.join(slugs)}" for words, slugs in named if slugs]
    if said:
        raise Conflict(f"{person} {'; '.join(said)}. Put somebody else there first.")
