"""A page's way drawn as a ladder: whom each step of a policy or stage would reach now, and how long after the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from oncall.models import Page, Person, Policy, Service, Target
from oncall.paging.escalation import Plan
from oncall.paging.plans import plan_of_policy, plan_of_stage
from oncall.paging.reach import Reach
from oncall.paging.way_words import words_of_place

PLACES = (Target.Kind.CHANNEL, Target.Kind.WEBHOOK)


@dataclass(frozen=True)
class Reached:
    """One target of a step: the people it means now, and those of them whom no contact method reaches."""

    target: Target
    side: str
    people: list[Person]
    silent: list[Person]

    @property
    def is_place(self) -> bool:
        """A channel or a webhook: always reached."""
        return self.target.kind in PLACES

    @property
    def place(self) -> str:
        """What a place is called, without what only those who edit the policy need to know."""
        return words_of_place(f"{self.target.kind}:{self.target.address}")

    @property
    def reaches(self) -> bool:
        return self.is_place or len(self.people) > len(self.silent)


@dataclass(frozen=True)
class Rung:
    """One step: `after` the page it begins, and `wait` is how long it is given."""

    number: int
    after: timedelta
    wait: timedelta
    reached: list[Reached] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nobody would hear of it: the step is skipped."""
        return not any(one.reaches for one in self.reached)


@dataclass(frozen=True)
class Ladder:
    """All steps once; after `rounds` of them, `ends` after the page, nobody is left to ask."""

    rungs: list[Rung]
    rounds: int
    ends: timedelta

    @property
    def is_empty(self) -> bool:
        return all(rung.is_empty for rung in self.rungs)


def ladder(policy: Policy, service: Service | None, at: datetime | None = None) -> Ladder:
    """The ladder of a policy as it stands at `at` (now)."""
    steps = policy.steps.prefetch_related("targets__person", "targets__team")
    return _climb(plan_of_policy(policy), [list(step.targets.all()) for step in steps], service, at)


def ladder_of_stage(service: Service, at: datetime | None = None) -> Ladder:
    """The ladder of a service without a policy: as its stage says."""
    plan = plan_of_stage(service)
    teams = {str(team.pk): team for team in (service.dev_team, service.ops_team) if team}
    rows = [
        [
            Target(kind=meant.kind, seat=meant.side, team=None if meant.kind == Target.Kind.SEAT else teams[meant.name])
            for meant in step.targets
        ]
        for step in plan.steps
    ]
    return _climb(plan, rows, service, at)


def _climb(plan: Plan, rows: Sequence[Sequence[Target]], service: Service | None, at: datetime | None) -> Ladder:
    """An empty step takes no time: it is skipped at once."""
    found = Reach(Page(service=service), plan, at or timezone.now())
    rungs: list[Rung] = []
    after = timedelta()
    for number, (targets, step) in enumerate(zip(rows, plan.steps, strict=True), 1):
        reached = [
            Reached(target, meant.side, list(dict.fromkeys(found.of(meant))), found.unreachable([meant]))
            for target, meant in zip(targets, step.targets, strict=True)
        ]
        rungs.append(Rung(number, after, step.delay, reached))
        after += timedelta() if rungs[-1].is_empty else step.delay
    return Ladder(rungs, plan.repeat + 1, after * (plan.repeat + 1))
