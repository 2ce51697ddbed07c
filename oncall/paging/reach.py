"""Who can be reached now: targets of a plan resolved to people and places, and people to the ways worth trying."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from notifications.models import ContactMethod
from oncall.models import Membership, Page, Person, Shadow, Shift, Team
from oncall.paging import rules
from oncall.paging.escalation import Plan, Rung, Target
from oncall.paging.plans import ON_CALL, PLACES

REFUSAL_STANDS = timedelta(days=1)  # so that a channel that was mended is tried again by itself


@dataclass(frozen=True, slots=True)
class Way:
    """By this method, so long after the person is first told of the page."""

    method: ContactMethod
    delay: timedelta


class Reach:
    """Whom each target of a plan means at one instant, in as few queries as there are kinds of target."""

    def __init__(self, page: Page, plan: Plan, at: datetime) -> None:
        self.page, self.plan, self.at = page, plan, at
        targets = {target for step in plan.steps for target in step.targets}
        self._ids: dict[Target, list[int]] = defaultdict(list)
        self._shadow_ids: dict[Target, list[int]] = defaultdict(list)
        self._find_seats([target for target in targets if target.kind == "seat"])
        self._find_teams([target for target in targets if target.kind in ("team", "team_lead", ON_CALL)])
        for target in targets:
            if target.kind == "person":
                self._ids[target].append(int(target.name))
        wanted = {pk for found in (self._ids, self._shadow_ids) for ids in found.values() for pk in ids}
        known = Person.objects.active().filter(pk__in=wanted).prefetch_related("contact_methods", "contact_rules")
        self.people = {person.pk: person for person in known}

    def of(self, target: Target) -> list[Person]:
        """The active people a target means, whether or not they can be reached."""
        return [self.people[pk] for pk in self._ids[target] if pk in self.people]

    def rungs(self, side: str) -> list[Rung]:
        """The plan as one side finds it."""
        return [
            Rung(
                delay=step.delay,
                people=tuple(person.pk for person in self.reachable(step.of(side))),
                concerns=bool(step.of(side)) or not step.targets,
                others=bool(self.reachable(step.targets) or self.places(step.targets)),
                places=self.places(step.of(side)),
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

    def places(self, targets: Iterable[Target]) -> tuple[str, ...]:
        """The places among these, as `channel:#ops`. A private page is told to people only."""
        found = (f"{target.kind}:{target.name}" for target in targets if target.kind in PLACES)
        return () if self.page.private else tuple(dict.fromkeys(found))

    def shadows(self, targets: Iterable[Target]) -> list[tuple[Person, str]]:
        """Who learns beside the seats among these, with the seat. Private pages are for those who must answer."""
        found = {
            self.people[pk]: target.name for target in targets for pk in self._shadow_ids[target] if pk in self.people
        }
        return [] if self.page.private else list(found.items())

    def _find_seats(self, targets: list[Target]) -> None:
        if not targets or not self.page.service or not self.page.service.schedule_id:
            return
        shifts = Shift.objects.at(self.at).filter(seat__schedule=self.page.service.schedule_id)
        for seat, person in shifts.order_by("id").values_list("seat__name", "person"):
            self._ids[Target("seat", seat, seat)].append(person)
        shadows = Shadow.objects.at(self.at).filter(seat__schedule=self.page.service.schedule_id)
        for seat, person in shadows.values_list("seat__name", "person"):
            self._shadow_ids[Target("seat", seat, seat)].append(person)

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
    """A person's verified contact methods in the order to try them: those that refused within the last day last."""
    found = {method.pk: method for method in person.contact_methods.all()}
    return [found[method.id] for method in rules.working(_known(found.values(), now))]


def ways_to(person: Person, urgency: str, now: datetime | None = None) -> list[Way]:
    """How this person is told of a page of this urgency: by their rules, or the first method worth trying, at once."""
    found = {method.pk: method for method in person.contact_methods.all()}
    own = [rules.Rule(rule.urgency, rule.method_id, rule.delay) for rule in person.contact_rules.all()]
    return [Way(found[pk], delay) for pk, delay in rules.ways(own, _known(found.values(), now), urgency)]


def _known(methods: Iterable[ContactMethod], now: datetime | None) -> list[rules.Method]:
    since = (now or timezone.now()) - REFUSAL_STANDS
    return [
        rules.Method(
            method.pk,
            verified=method.verified_at is not None,
            refused=bool(method.refused_at and method.refused_at > since),
        )
        for method in sorted(methods, key=lambda method: (method.position, method.pk))
    ]
