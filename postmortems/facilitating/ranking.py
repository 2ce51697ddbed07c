"""Who should lead the conversation: somebody who did not respond, of another team, with practice and with time. Pure.

The order is a habit of the field: distance from the incident first, for nobody asks freely about their own decisions;
then practice; then who has least on their hands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """An active responder who may see it. `facilitated` counts all post-mortems, `open_now` those not published."""

    id: int
    name: str
    facilitated: int = 0
    open_now: int = 0
    took_part: bool = False
    owning_team: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Somebody to ask, and why, in words."""

    id: int
    name: str
    why: str


def suggest(candidates: Iterable[Candidate], *, most: int = 3) -> list[Suggestion]:
    """The best first, at most `most`. Whoever took part is not suggested."""
    free = sorted((one for one in candidates if not one.took_part), key=_order)
    return [Suggestion(one.id, one.name, why(one)) for one in free[:most]]


def why(candidate: Candidate) -> str:
    """Has facilitated 4, took no part, has 1 open now."""
    practice = f"has facilitated {candidate.facilitated}" if candidate.facilitated else "has not facilitated yet"
    reasons = [practice, "took no part"]
    reasons += [f"is of {candidate.owning_team}, which owns the service"] if candidate.owning_team else []
    reasons += [f"has {candidate.open_now} open now"] if candidate.open_now else []
    return ", ".join(reasons)


def _order(candidate: Candidate) -> tuple[bool, bool, int, int, str]:
    """One open post-mortem weighs as much as three that were led: who leads many is not asked for all of them."""
    load = 3 * candidate.open_now - min(candidate.facilitated, 10)
    return bool(candidate.owning_team), candidate.facilitated == 0, load, candidate.open_now, candidate.name.casefold()
