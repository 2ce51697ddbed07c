"""Whom to ask: facilitator, participants and reviewers, from what is known of the incidents, the teams and the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from incidents.models import Participant
from incidents.models.work import RoleAssignment
from oncall.models import Membership, Person, Service, Team
from postmortems.facilitating.ranking import Candidate, Suggestion, suggest
from postmortems.models import Postmortem
from postmortems.services.reviews import able_to_sign
from postmortems.sight import who_see

SIDES = ("dev", "ops")
MOST_OF_A_TEAM = 4


@dataclass(frozen=True)
class Proposal:
    """Somebody to invite for a side (dev, ops, other), and why."""

    person: Person
    side: str
    why: str


def facilitators(postmortem: Postmortem, *, most: int = 3) -> list[Suggestion]:
    """Who could lead the conversation, the best first."""
    there: Any = {"incident__in": _incidents(postmortem)}
    responded = set(Participant.objects.filter(**there).values_list("person", flat=True))
    responded |= set(RoleAssignment.objects.filter(**there).values_list("person", flat=True))
    owners = _owners(postmortem)
    people = _responders_who_see(postmortem).annotate(
        led=Count("facilitated", distinct=True),
        led_now=Count("facilitated", ~Q(facilitated__status="published"), distinct=True),
    )
    candidates = [
        Candidate(one.pk, str(one), one.led, one.led_now, one.pk in responded, owners.get(one.pk, ""))
        for one in people
        if one.pk != postmortem.facilitator_id
    ]
    return suggest(candidates, most=most)


def participants(postmortem: Postmortem) -> list[Proposal]:
    """Who took part and is not invited, with their side; for a side that is missing, people of its owning team."""
    invited = dict(postmortem.invitations.values_list("person", "side"))
    rows = Participant.objects.filter(incident__in=_incidents(postmortem), person__is_active=True)
    found: dict[int, Proposal] = {}
    took_part = rows.select_related("person").prefetch_related("person__teams")
    for row in sorted(took_part, key=lambda one: one.side not in SIDES):
        if row.person_id not in invited and row.person_id not in found:
            found[row.person_id] = Proposal(row.person, _side(row), f"took part: {row.get_how_display()}")
    sides = {*invited.values(), *(one.side for one in found.values())}
    for side in SIDES:
        if side not in sides:
            found |= {one.person.pk: one for one in _of_teams(postmortem, side) if one.person.pk not in invited}
    return sorted(found.values(), key=lambda one: (one.side, str(one.person)))


def able(postmortem: Postmortem) -> dict[str, list[Person]]:
    """Everybody who could sign, by side."""
    return {side: list(able_to_sign(postmortem, side)) for side in SIDES}


def reviewers(
    postmortem: Postmortem, signers: Mapping[str, Iterable[Person]] | None = None, *, most: int = 3
) -> dict[str, list[Person]]:
    """Whom to ask for each side: those who take part first, then the owning teams. Not those asked already.

    `signers`: everybody who could sign, by side, where they are read already.
    """
    asked = {review.person_id for review in postmortem.reviews.all()}
    near = {invitation.person_id for invitation in postmortem.invitations.all()}
    owners = _owners(postmortem)
    return {
        side: sorted(
            (one for one in people if one.pk not in asked),
            key=lambda one: (one.pk not in near, one.pk not in owners, str(one)),
        )[:most]
        for side, people in (signers or able(postmortem)).items()
    }


def missing_sides(postmortem: Postmortem) -> list[str]:
    """Of dev and ops, those of whom nobody is invited."""
    there = set(postmortem.invitations.filter(person__is_active=True).values_list("side", flat=True))
    return [side for side in SIDES if side not in there]


def _incidents(postmortem: Postmortem) -> QuerySet[Any]:
    return postmortem.incidents.values("pk")


def _responders_who_see(postmortem: Postmortem) -> QuerySet[Person]:
    able = Q(role__in=(Person.Role.RESPONDER, Person.Role.ADMINISTRATOR)) | Q(is_superuser=True)
    return who_see(Person.objects.filter(able), postmortem)


def _services(postmortem: Postmortem) -> QuerySet[Service]:
    return Service.objects.filter(Q(incidents__postmortems=postmortem) | Q(postmortems=postmortem)).distinct()


def _owners(postmortem: Postmortem) -> dict[int, str]:
    """People of the teams that own the services concerned, each with the name of such a team."""
    services = _services(postmortem)
    teams = Team.objects.filter(Q(developed_services__in=services) | Q(operated_services__in=services))
    return dict(Membership.objects.filter(team__in=teams).values_list("person", "team__name"))


def _of_teams(postmortem: Postmortem, side: str) -> Iterable[Proposal]:
    services = _services(postmortem)
    owned = Q(developed_services__in=services) if side == "dev" else Q(operated_services__in=services)
    teams = Team.objects.filter(owned, discipline=side).distinct()
    able = _responders_who_see(postmortem).values("pk")
    rows = Membership.objects.filter(team__in=teams, person__in=able).select_related("person", "team")
    for row in rows.order_by("joined_at", "pk")[:MOST_OF_A_TEAM]:
        yield Proposal(row.person, side, f"of {row.team}, which owns the service")


def _side(row: Participant) -> str:
    """The seat they stood for; else that of their teams, where it is one side."""
    if row.side in SIDES:
        return row.side
    sides = {team.discipline for team in row.person.teams.all() if team.discipline in SIDES}
    return sides.pop() if len(sides) == 1 else "other"
