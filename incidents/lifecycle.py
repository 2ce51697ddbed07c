"""The life of an incident: which move is allowed from where, and what it stamps.

investigating ⇄ identified ⇄ monitoring → resolved → closed
any of the first three → cancelled (a false alarm); the last three → reopened, which is investigating again
"""

from dataclasses import dataclass

OPEN = ("investigating", "identified", "monitoring")
TERMINAL = ("closed", "cancelled")
"""Where an incident may rest for good; only reopening leads out."""

_MOVES: dict[str, tuple[str, ...]] = {
    "investigating": ("identified", "monitoring", "resolved", "cancelled"),
    "identified": ("investigating", "monitoring", "resolved", "cancelled"),
    "monitoring": ("investigating", "identified", "resolved", "cancelled"),
    "resolved": ("closed", "reopened"),
    "closed": ("reopened",),
    "cancelled": ("reopened",),
}
STATUSES = tuple(_MOVES)
_NEED_REASON = ("reopened", "cancelled")
_STAMPS: dict[str, tuple[str, ...]] = {
    "monitoring": ("mitigated_at",),
    "resolved": ("mitigated_at", "resolved_at"),
    "closed": ("closed_at",),
    "cancelled": ("closed_at",),
}
_ENDINGS = ("mitigated_at", "resolved_at", "closed_at")


@dataclass(frozen=True)
class Outcome:
    """What a move results in: the new status, and which timestamps it sets to its moment or clears."""

    status: str
    sets: tuple[str, ...]
    clears: tuple[str, ...]
    reason: str


class TransitionError(ValueError):
    """A move that cannot be made. The message is for the person who tried it."""


class NotAllowed(TransitionError):
    """The table does not have this move."""

    def __init__(self, status: str, to: str, allowed: tuple[str, ...]) -> None:
        self.status, self.to, self.allowed = status, to, allowed
        super().__init__(f"An incident that is {status} cannot become {to}; it can become {_either(allowed)}.")


class ReasonRequired(TransitionError):
    """The move needs a reason, because it takes back what was said before."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(f"Say why the incident is {to}: the timeline keeps the reason.")


def allowed(status: str) -> tuple[str, ...]:
    """The moves from `status`, the usual one first; empty for a status that does not exist."""
    return _MOVES.get(status, ())


def check(status: str, to: str, reason: str = "") -> Outcome:
    """What moving from `status` to `to` results in. Raises `NotAllowed` or `ReasonRequired`."""
    if to not in allowed(status):
        raise NotAllowed(status, to, allowed(status))
    if to in _NEED_REASON and not reason.strip():
        raise ReasonRequired(to)
    mitigated = status == "monitoring"
    return Outcome(
        status="investigating" if to == "reopened" else to,
        sets=tuple(field for field in _STAMPS.get(to, ()) if not (mitigated and field == "mitigated_at")),
        clears=_clears(mitigated, to),
        reason=reason.strip(),
    )


def _clears(mitigated: bool, to: str) -> tuple[str, ...]:
    if to == "reopened":
        return _ENDINGS
    return ("mitigated_at",) if mitigated and to in OPEN else ()  # the mitigation did not hold


def _either(moves: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(moves[:-1]), *moves[-1:]])) or "nothing else"
