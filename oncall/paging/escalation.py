"""How one side of a page climbs its policy: the step it is at in, what happens next out.

Pure: no database, no clock. The thin shell around it (`climb.py`) finds out who can be reached at each step, asks
`advance()`, and writes down what it says. A side that has acknowledged is never asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step reaches: `kind` and `name` say who (a seat's name, a person's or team's id; a channel's name or a
    webhook's URL, which are places), `side` for which side.

    An empty side counts for every side: each that has no answer yet reaches that target.
    """

    kind: str
    name: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Targets, and how long to wait for an answer before the next step."""

    delay: timedelta
    targets: tuple[Target, ...]

    def of(self, side: str) -> tuple[Target, ...]:
        """The targets that concern this side; every one where there are no sides."""
        return tuple(target for target in self.targets if not side or target.side in ("", side))


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps gone through in order, `repeat` times again; `each_seat`: each side acknowledges for itself."""

    steps: tuple[Step, ...]
    each_seat: bool = True
    repeat: int = 2

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that climb on their own, in the order in which they are reached; "" where there is but one."""
        found = dict.fromkeys(target.side for step in self.steps for target in step.targets if target.side)
        return tuple(found) if self.each_seat and found else ("",)

    def together(self) -> Plan:
        """The same plan with every side's first step at the start, its second beside the others' second, and so on."""
        joint = replace(self, each_seat=True)
        ladders = [[(step.delay, step.of(side)) for step in self.steps if step.of(side)] for side in joint.sides]
        steps = []
        for position in range(max(map(len, ladders), default=0)):
            rungs = [ladder[position] for ladder in ladders if position < len(ladder)]
            targets = dict.fromkeys(target for _, found in rungs for target in found)
            steps.append(Step(min(delay for delay, _ in rungs), tuple(targets)))
        return replace(joint, steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class Rung:
    """A step as one side finds it now: whom it can reach, and what the step is to it."""

    delay: timedelta
    people: tuple[int, ...]  # who can be reached for this side
    concerns: bool = True  # whether the step has targets for this side
    others: bool = False  # whether it reaches somebody for another side, so that it is waited for
    places: tuple[str, ...] = ()  # channels and webhooks that hear of it

    @property
    def reaches(self) -> bool:
        """Whether anybody hears of it: a step that reaches only a place reaches somebody."""
        return bool(self.people or self.places)


@dataclass(frozen=True, slots=True)
class State:
    """The step to carry out next, and how often all were gone through before."""

    step: int = 0
    round: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now: notify `people` and `places` for `at`, having passed over `skipped`; then wait, and go on at
    `then`.

    Nothing to notify and a `then`: it is only waited (for another side's step, or for the next round after one in which
    nobody could be reached). No `then`: the last step of the last round had no answer.
    """

    at: State
    people: tuple[int, ...] = ()
    skipped: tuple[State, ...] = ()
    wait: timedelta = timedelta()
    then: State | None = None
    places: tuple[str, ...] = ()

    @property
    def reaches(self) -> bool:
        """Whether anybody is notified by this move."""
        return bool(self.people or self.places)


def advance(rungs: Sequence[Rung], state: State, repeat: int) -> Move:
    """One move up from `state`. A step that concerns this side and reaches nobody is passed over at once.

    After at most (repeat + 1) × (len(rungs) + 1) moves it is exhausted.
    """
    skipped: list[State] = []
    start = state
    while state.round <= repeat and rungs:
        if state.step >= len(rungs):
            over = State(0, state.round + 1)
            if start.step == 0 and over.round <= repeat:  # a whole round reached nobody: wait before the next
                return Move(state, (), tuple(skipped), rungs[-1].delay, over)
            start = state = over
            continue
        rung, after = rungs[state.step], State(state.step + 1, state.round)
        if rung.reaches or (not rung.concerns and rung.others):
            return Move(state, rung.people, tuple(skipped), rung.delay, after, rung.places)
        if rung.concerns:
            skipped.append(state)
        state = after
    return Move(state, (), tuple(skipped))
