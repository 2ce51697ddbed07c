"""The one thing to do next with a post-mortem, for the person who looks at it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SIDES = {"dev": "Dev", "ops": "Ops"}


@dataclass(frozen=True)
class Standing:
    """Where it stands. `waits`: what publishing still waits for; `asked`: sides of which somebody is asked to sign."""

    status: str
    facilitated: bool = True
    meets: bool = True
    unwritten: str = ""
    factors: int = 1
    waits: Sequence[str] = ()
    asked: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    waiting_for: Sequence[str] = ()
    mine: str = ""
    not_removed: int = 0


@dataclass(frozen=True)
class Step:
    """What to do: `to` is a move of its life cycle, `page` and `anchor` where to go; neither: there is only waiting."""

    label: str
    to: str = ""
    page: str = "detail"
    anchor: str = ""
    edit: str = ""

    @property
    def waits(self) -> bool:
        return not (self.to or self.anchor)


def next_step(standing: Standing) -> Step | None:
    """The next step, or None where all is done. `unwritten`: the key of a summary that is empty; `mine`: my side."""
    match standing.status:
        case "draft":
            return _of_draft(standing)
        case "in_review":
            return _of_review(standing)
        case _:
            count = standing.not_removed
            what = f"Open or link {'a problem' if count == 1 else f'{count} problems'}"
            return Step(what, anchor="s-follow") if count else None


def _of_draft(standing: Standing) -> Step:
    if not standing.facilitated:
        return Step("Name a facilitator", page="facilitation", anchor="h-facilitator")
    if not standing.meets:
        return Step("Set the meeting", page="facilitation", anchor="h-meeting")
    if standing.unwritten:
        return Step("Write the summary", anchor=f"s-{standing.unwritten}", edit=standing.unwritten)
    if not standing.factors:
        return Step("Add a contributing factor", anchor="s-factors")
    return Step("Submit for review", to="in_review")


def _of_review(standing: Standing) -> Step:
    if standing.mine:
        return Step(f"Sign off for {SIDES.get(standing.mine, standing.mine)}", anchor="s-review")
    if not standing.waits:
        return Step("Publish", to="published")
    for side, name in SIDES.items():
        if side not in standing.asked | standing.signed:
            return Step(f"Ask {name} to review", anchor="s-review")
    if standing.unwritten:
        return Step("Write the summary", anchor=f"s-{standing.unwritten}", edit=standing.unwritten)
    if not standing.factors:
        return Step("Add a contributing factor", anchor="s-factors")
    *most, last = standing.waiting_for or ["the others"]
    return Step(f"Waiting for {', '.join(most)} and {last}" if most else f"Waiting for {last}")
