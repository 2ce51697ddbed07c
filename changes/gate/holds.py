"""What holds a change up, whoever made it: open incidents and freezes. No Django here."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from changes.gate.facts import Facts, FreezeFacts, OpenIncident, ServiceFacts
from changes.gate.outcome import LOOK_AGAIN, Decision, Reason, because, is_open
from changes.gate.standard import fits_name
from changes.gate.windows import holding, told


def incidents(facts: Facts, service: ServiceFacts) -> tuple[OpenIncident | None, Decision | None]:
    """The open incident that the change is for; and the decision, where another is in its way."""
    blocking = [one for one in facts.incidents if one.blocks]
    if not blocking or is_open(facts):
        return None, None
    named = next((one for one in blocking if one.number == facts.question.incident), None)
    if named:
        return named, None
    reasons = tuple(Reason(rule="incident", text=_in_the_way(one, service)) for one in blocking)
    return None, Decision(decision="prevented", rule="incident", reasons=reasons, retry_after=LOOK_AGAIN)


def _in_the_way(incident: OpenIncident, service: ServiceFacts) -> str:
    elsewhere = [slug for slug in incident.on if slug != service.slug]
    on = service.slug if service.slug in incident.on else ", ".join(elsewhere)
    which = "" if service.slug in incident.on else f", which {service.slug} depends on"
    number = "and its number" if incident.private else str(incident.number)
    return f"{name_of(incident)} is open on {on}{which}; name it with --incident {number} to deploy its fix."


def name_of(incident: OpenIncident) -> str:
    """Such as `sev1 42`; of a private one no more than that it is there.

    Its title is for those who may see it still: what the gate says is sealed in the ledger, and told to GitHub.
    """
    return f"A private {incident.severity}" if incident.private else f"{incident.severity} {incident.number}"


def freeze(facts: Facts, service: ServiceFacts) -> Decision | None:
    """The decision where a freeze holds: of several, the one that holds longest stands first."""
    held = [(one, span) for one in facts.freezes if (span := _held_by(one, facts, service))]
    if not held:
        return None
    held.sort(key=lambda pair: pair[1], reverse=True)
    reasons = tuple(
        Reason(rule="freeze", text=f"Freeze “{one.name}” holds until {told(end, one.timezone)}{because(one.why)}.")
        for one, end in held
    )
    longest, end = held[0]
    retry = max(1, ceil((end - facts.now).total_seconds()))
    return Decision(decision="prevented", rule="freeze", reasons=reasons, retry_after=retry, freeze=longest)


def _held_by(freeze: FreezeFacts, facts: Facts, service: ServiceFacts) -> datetime | None:
    """Until when it holds. A freeze of production holds in every environment that is not an open one."""
    if freeze.services and service.id not in freeze.services:
        return None
    of_production = freeze.environment.casefold() in ("production", service.environment.casefold())
    if (
        freeze.environment
        and not fits_name(facts.environment, freeze.environment)
        and not (of_production and not is_open(facts))
    ):
        return None
    span = holding(freeze, facts.now)
    return span.end if span else None
