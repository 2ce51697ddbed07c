"""What waits for somebody's authorisation."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from changes.models import GateCheck
from oncall.models import Person

MOST = 10


def waiting_for(person: Person) -> list[GateCheck]:
    """Checks that one of their teams may authorise, and that are not their own, the oldest first; two queries."""
    if not person.is_responder:
        return []
    teams = Q(pk__in=[])
    for slug in person.teams.values_list("slug", flat=True):
        teams |= Q(awaits__contains=[{"team": slug}])
    waiting = GateCheck.objects.visible_to(person).filter(teams, decision=GateCheck.Decision.AWAITING)
    live = waiting.filter(expires_at__gt=timezone.now()).select_related("service")
    return list(live.exclude(Q(author=person) | Q(asked_by=person)).order_by("asked_at")[:MOST])
