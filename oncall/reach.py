"""Who can be reached now: targets of a plan resolved to people, and people to the contact methods worth trying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from notifications.models import ContactMethod
from oncall.escalation import Plan, Rung, Target
from oncall.models import Membership, Page, Person, Shift, Team
from oncall.plans import ON_CALL

REFUSAL_STANDS = timedelta(days=1)  # so that a channel that was mended is tried again by itself


class Reach:
    """Whom each target of a plan means at one instant, in as few queries as there are kinds of target."""

    def __init__(self, page: Page, plan: Plan, at: datetime) -> None:
        self.page, self.plan, self.at = page, plan, at
        targets = {target for step in plan.steps for target in step.targets}
        self._ids: dict[Target, list[int]] = defaultdict(list)
        self._find_seats([target for target in targets if target.kind == "seat"])
        self._find_teams([target for target in targets if target.kind in ("team", "team_lead", ON_CALL)])
        for target in targets:
            if target.kind == "person":
                self._ids[target].append(int(target.name))
        wanted = Person.objects.active().filter(pk__in={pk for ids in self._ids.values() for pk in ids})
        self.people = {person.pk: person for person in wanted.prefetch_related("contact_methods")}

    def of(self, target: Target) -> list[Person]:
        """The active people a target means, whether or not they can be reached."""
        return [self.people[pk] for pk in self._ids[target] if pk in self.people]

    def rungs(self, side: str) -> list[Rung]:
        """The plan as one side finds it."""
        return [
            Rung(
                delay=step.delay,
                people=tuple(person.pk for person in self.reachable(step.of(side))),
                concerns=bool(step.of(side)),
                others=bool(self.reachable(step.targets)),
            )
            for step in self.plan.steps
        ]

    def reachable(self, targets: Iterable[Target]) -> list[Person]:
        """Those who have a contact method, each once."""
        found = dict.fromkeys(person for target in targets for person in self.of(target))
        return [person for person in found if methods_of(person)]

    def unreachable(self, targets: Iterable[Target]) -> list[Person]:
        """Those who should be notified and have no contact method at all."""
        found = dict.fromkeys(person for target in targets for person in self.of(target))
        return [person for person in found if not methods_of(person)]

    def _find_seats(self, targets: list[Target]) -> None:
        if not targets or not self.page.service or not self.page.service.schedule_id:
            return
        shifts = Shift.objects.at(self.at).filter(seat__schedule=self.page.service.schedule_id)
        for seat, person in shifts.order_by("id").values_list("seat__name", "person"):
            self._ids[Target("seat", seat, seat)].append(person)

    def _find_teams(self, targets: list[Target]) -> None:
        teams = Team.objects.in_bulk({int(target.name) for target in targets})
        members: dict[int, list[int]] = defaultdict(list)
        belongs = Membership.objects.filter(team__in=teams).order_by("id")
        for team_id, person_id in belongs.values_list("team", "person"):
            members[team_id].append(person_id)
        for target in targets:
            if not (team := teams.get(int(target.name))):
                continue
            lead = [team.lead_id] if team.lead_id else []
            match target.kind:
                case "team_lead":
                    self._ids[target] += lead
                case "team":
                    self._ids[target] += [*members[team.pk], *lead]
                case _:
                    self._ids[target] += on_call_for_team(team, self.at)


def on_call_for_team(team: Team, at: datetime) -> list[int]:
    """Who fills the seat of the team's discipline now, on the schedules of its services."""
    serves = Q(seat__schedule__services__dev_team=team) | Q(seat__schedule__services__ops_team=team)
    shifts = Shift.objects.at(at).filter(serves, seat__name=team.discipline)
    return list(shifts.order_by(F("person")).values_list("person", flat=True).distinct())


def methods_of(person: Person, now: datetime | None = None) -> list[ContactMethod]:
    """A person's contact methods in the order to try them: those that refused within the last day come last."""
    since = (now or timezone.now()) - REFUSAL_STANDS
    methods = person.contact_methods.all()
    return sorted(methods, key=lambda method: (bool(method.refused_at and method.refused_at > since), method.position))
