"""The life of a problem record: which move is allowed from where, and what each outcome has to show. Pure.

new → assess → investigating ⇄ fix in progress → resolved → closed; the last two → reopened, which is investigating.
Whatever turns out to be nothing, or another problem's, is resolved from where it stands.
"""

from dataclasses import dataclass
from datetime import date

MOVES: dict[str, tuple[str, ...]] = {
    "new": ("assess", "investigating", "resolved"),
    "assess": ("investigating", "resolved"),
    "investigating": ("fix_in_progress", "assess", "resolved"),
    "fix_in_progress": ("resolved", "investigating"),
    "resolved": ("closed", "reopened"),
    "closed": ("reopened",),
}
OUTCOMES = ("fixed", "risk_accepted", "duplicate", "cancelled")


@dataclass(frozen=True)
class Resolution:
    """What is put forward to resolve a problem."""

    outcome: str
    implemented_changes: int = 0
    review_on: date | None = None
    duplicate: bool = False
    reason: str = ""


def allowed(status: str) -> tuple[str, ...]:
    """The moves from `status`, the usual one first; empty for a status that does not exist."""
    return MOVES.get(status, ())


def after(to: str) -> str:
    """The status that a move leads to."""
    return "investigating" if to == "reopened" else to


def objections(resolution: Resolution, today: date) -> dict[str, str]:
    """What stands against resolving, by field, as sentences; empty when nothing does.

    Resolving needs an implemented change or an accepted risk (postmortems.md).
    """
    if resolution.outcome not in OUTCOMES:
        return {"outcome": f"{resolution.outcome!r} is no outcome: choose one of {', '.join(OUTCOMES)}."}
    match resolution.outcome:
        case "fixed" if not resolution.implemented_changes:
            return {"changes": "Link at least one change that succeeded, or accept the risk instead."}
        case "risk_accepted" if resolution.review_on is None or resolution.review_on <= today:
            return {"review_on": "Give the date, after today, on which this risk is looked at again."}
        case "duplicate" if not resolution.duplicate:
            return {"duplicate_of": "Name the problem that this one duplicates."}
        case "cancelled" if not resolution.reason.strip():
            return {"reason": "Say why this is no problem after all."}
    return {}
