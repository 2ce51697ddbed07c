"""When a change was really at work, and how it stood when trouble began, told from its ledger entries. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from changes.summary import ENDED, PROGRESS, Step, sum_up

TAKEN_BACK = frozenset({"superseded", "rolled_back"})
TELLING = TAKEN_BACK | {"requested", "authorised"}
"""Entries without which a change was at work from its first entry to its last, as its summary says."""


@dataclass(frozen=True)
class Rollout:
    """`finished_at` is None while it was under way."""

    state: str
    started_at: datetime
    finished_at: datetime | None


def rollout(entries: Iterable[tuple[str, datetime]], began_at: datetime) -> Rollout:
    """The rollout that at least one entry (state, moment) tells of, as it matters to trouble that began then.

    What was asked for at nine and started at noon was at work from noon on. What was taken back or replaced after the
    trouble began, as a culprit will be, stands as it stood until then.
    """
    steps = [Step(state=state, at=at) for state, at in entries]
    steps.sort(key=lambda step: (step.at, PROGRESS.index(step.state)))
    started_at = _start(steps)
    if steps[-1].state in TAKEN_BACK:
        steps = [step for step in steps if step.at <= max(began_at, started_at)] or steps
    summary = sum_up(steps)
    return Rollout(summary.state, started_at, summary.finished_at)


def _start(steps: Sequence[Step]) -> datetime:
    """Its first start; where none was told, the last that was told before its first end."""
    if started := [step.at for step in steps if step.state == "started"]:
        return started[0]
    first_end = next((place for place, step in enumerate(steps) if step.state in ENDED), 0)
    return steps[max(0, first_end - 1)].at
