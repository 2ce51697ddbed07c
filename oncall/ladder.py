"""A policy drawn as a ladder: whom each step would reach now, for one service, and how long after the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from oncall.escalation import Target as PlanTarget
from oncall.models import Page, Person, Policy, Service, Step, Target
from oncall.plans import plan_of_policy
from oncall.reach import Reach
from oncall.way_words import words_of_place

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
    """All steps once; `ends` is how long after the page nobody is left to ask, the repeats counted."""

    rungs: list[Rung]
    ends: timedelta

    @property
    def is_empty(self) -> bool:
        return all(rung.is_empty for rung in self.rungs)


def ladder(policy: Policy, service: Service | None, at: datetime | None = None) -> Ladder:
    """The ladder of a policy as it stands at `at` (now). An empty step takes no time: it is skipped at once."""
    plan = plan_of_policy(policy)
    found = Reach(Page(policy=policy, service=service), plan, at or timezone.now())
    rows = policy.steps.prefetch_related("targets__person", "targets__team")
    rungs: list[Rung] = []
    after = timedelta()
    for number, (row, step) in enumerate(zip(rows, plan.steps, strict=True), 1):
        rungs.append(Rung(number, after, step.delay, _reached(found, row, step.targets)))
        after += timedelta() if rungs[-1].is_empty else step.delay
    return Ladder(rungs, after * (policy.repeat + 1))


def _reached(found: Reach, row: Step, targets: Iterable[PlanTarget]) -> list[Reached]:
    return [
        Reached(target, meant.side, found.of(meant), found.unreachable([meant]))
        for target, meant in zip(row.targets.all(), targets, strict=True)
    ]
