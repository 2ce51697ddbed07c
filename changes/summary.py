"""What the entries of a change add up to, in whatever order they came. No Django here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

PROGRESS = ("requested", "authorised", "started", "succeeded", "failed", "rolled_back", "superseded")
ENDED = frozenset({"succeeded", "failed", "rolled_back", "superseded"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry: `at` by the sender's clock (aware), and what was told then, absent things left out or "".

    `type` is standard, normal or emergency, "" where it was not said.
    """

    state: str
    at: datetime
    told: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    overridden: bool = False


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A change as its entries tell it. `finished_at` is None while it is under way."""

    state: str
    started_at: datetime
    finished_at: datetime | None
    told: Mapping[str, str]
    type: str
    overridden: bool


def sum_up(steps: Iterable[Step]) -> Summary:
    """The sum of at least one step: the latest state, and of each thing told the latest that says something.

    Steps of one instant count in the order of `PROGRESS`, because senders' clocks may tick in whole seconds.
    A change that is started again after its end has not finished; one that a newer change takes the place of
    keeps the time it finished at. What was an emergency once, or overridden, stays so; unsaid, a change is normal.
    """
    ordered = sorted(steps, key=lambda step: (step.at, PROGRESS.index(step.state)))
    finished_at: datetime | None = None
    told: dict[str, str] = {}
    for step in ordered:
        if step.state == "started":
            finished_at = None
        elif step.state in ENDED and not (step.state == "superseded" and finished_at):
            finished_at = step.at
        told |= {name: value for name, value in step.told.items() if value}
    return Summary(
        state=ordered[-1].state,
        started_at=ordered[0].at,
        finished_at=finished_at,
        told=told,
        type=_type([step.type for step in ordered if step.type]),
        overridden=any(step.overridden for step in ordered),
    )


def _type(said: Sequence[str]) -> str:
    """An emergency wins; of the other types the one said last."""
    return "emergency" if "emergency" in said else said[-1] if said else "normal"
