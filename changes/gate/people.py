"""Who made a change, and for which side people stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, Value, When

from changes.gate.facts import SIDES, Someone
from oncall.models import Membership, Person, Service


def find_author(actor: str, asker: Person | None) -> Person | None:
    """Whom a pipeline means by this name: e-mail address, Slack id, whole name, or the first part of the address.

    Whoever asks, where no name is given. A name that two have means neither: we do not guess.
    """
    if not actor:
        return asker
    ways = [Q(email__iexact=actor), Q(slack_id=actor), Q(name__iexact=actor), Q(email__istartswith=f"{actor}@")]
    rank = Case(*(When(way, then=Value(place)) for place, way in enumerate(ways)), output_field=IntegerField())
    found = list(Person.objects.active().annotate(rank=rank).exclude(rank=None).order_by("rank")[:2])
    twins = len(found) == 2 and found[0].rank == found[1].rank
    return found[0] if found and not twins else None


def standing(people: Iterable[Person | None], service: Service | None) -> dict[int, Someone]:
    """By id, for which sides of the service each stands, and in which teams they are; one query.

    Where a service has no team of a side, everybody of that discipline stands for it, and administrators do.
    """
    wanted = {person.pk: person for person in people if person}
    teams: dict[int, dict[str, str]] = defaultdict(dict)
    for row in Membership.objects.filter(person__in=wanted).select_related("team"):
        teams[row.person_id][row.team.slug] = row.team.discipline
    return {
        pk: Someone(
            id=pk,
            name=str(person),
            sides=frozenset(side for side in SIDES if service and _stands(side, service, teams[pk], person)),
            teams=frozenset(teams[pk]),
        )
        for pk, person in wanted.items()
    }


def _stands(side: str, service: Service, teams: dict[str, str], person: Person) -> bool:
    team = service.dev_team if side == "dev" else service.ops_team
    return team.slug in teams if team else side in teams.values() or person.is_administrator
