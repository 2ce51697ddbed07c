"""What became of an alert, in words. No Django here.

Every text begins with one of `KINDS`, by which alerts are filtered.
"""

from __future__ import annotations

from datetime import UTC, datetime

from telemetry.flapping import POLICY
from telemetry.severity import Decision

KINDS = {
    "declared": ("declared an incident", "Declared"),
    "joined": ("joined an incident", "Joined"),
    "paged": ("paged without an incident", "Paged"),
    "held": ("held by maintenance", "Held"),
    "flapping": ("flapping", "Flapping"),
    "unmatched": ("of an unknown service", "Unknown service"),
    "nothing": ("led to nothing", "Nothing"),
}
"""By key: how the choice reads, and how the texts begin."""


def declared(number: int, decision: Decision) -> str:
    return f"Declared incident {number} by {decision.by}"


def joined(number: int, *, on: str = "", needed_by: str = "", flapping: bool = False) -> str:
    """`on` is the service that has the incident, where `needed_by` depends on it."""
    where = f" of {on}, which {needed_by} depends on" if on else ""
    return f"Joined incident {number}{where}{'; it is flapping' if flapping else ''}"


def paged(service: str, page: int, decision: Decision) -> str:
    return f"Paged {service} by {decision.by} (page {page})"


def joined_and_paged(number: int, service: str, page: int, decision: Decision) -> str:
    return f"Joined incident {number}, which calls nobody, and paged {service} by {decision.by} (page {page})"


def held(until: datetime | None) -> str:
    return f"Held by maintenance until {_moment(until)}" if until else "Held by maintenance"


def flapping(starts_at: datetime) -> str:
    minutes = int(POLICY.window.total_seconds() // 60)
    until = _moment(starts_at + POLICY.steady)
    return (
        f"Flapping: {POLICY.starts} starts or more within {minutes} minutes. It counts again if it fires until {until}"
    )


def unmatched(hint: str) -> str:
    return f"Unknown service: none named “{hint}” is known" if hint else "Unknown service: the alert names none"


def nothing(decision: Decision) -> str:
    if decision.attaches:
        return f"Nothing: {decision.by} only joins an open incident, and there was none"
    return f"Nothing: {decision.by} says so" if decision.rule else "Nothing: no rule asks for anything"


def over() -> str:
    return "Nothing: it was over before it was looked at"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
