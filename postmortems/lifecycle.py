"""The life of a post-mortem, and what it takes to publish one. Pure.

draft → in review → published → reopened, which is draft again; from review it may go back to draft.
"""

from collections.abc import Collection
from dataclasses import dataclass

MOVES: dict[str, tuple[str, ...]] = {
    "draft": ("in_review",),
    "in_review": ("published", "draft"),
    "published": ("reopened",),
}
SUMMARY_KEYS = ("summary", "overview", "narrative", "what_happened")
"""The section that tells a reader what it is about, whatever the template calls it."""

SIDES = {"dev": "Dev", "ops": "Ops"}


@dataclass(frozen=True)
class Readiness:
    """What there is of a post-mortem, as far as publishing asks for it. `nobody_left`: sides with nobody to sign."""

    has_summary: bool
    factors: int
    signed_off: frozenset[str]
    nobody_left: frozenset[str] = frozenset()


def allowed(status: str) -> tuple[str, ...]:
    """The moves from `status`, the usual one first; empty for a status that does not exist."""
    return MOVES.get(status, ())


def after(to: str) -> str:
    """The status that a move leads to."""
    return "draft" if to == "reopened" else to


def missing(readiness: Readiness, without: Collection[str] = ()) -> list[str]:
    """What publishing still waits for, in words. That no action came out of it is nobody's concern.

    `without`: sides whose sign-off is done without.
    """
    waits = [] if readiness.has_summary else ["a summary"]
    waits += [] if readiness.factors else ["a contributing factor"]
    return waits + [
        f"a sign-off from {name}" for side, name in SIDES.items() if side not in {*readiness.signed_off, *without}
    ]


def forgone(readiness: Readiness) -> list[str]:
    """The sides whose sign-off may be done without, for a reason: nobody is left who could give it."""
    return [side for side in SIDES if side in readiness.nobody_left - readiness.signed_off]
