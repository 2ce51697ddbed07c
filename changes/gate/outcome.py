"""What a decision is, and how each kind of it is made. No Django here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from changes.gate.facts import Facts, FreezeFacts, TemplateFacts, Verdict
from changes.gate.sides import Awaited
from changes.gate.standard import fits_name

Outcome = Literal["allowed", "awaiting", "prevented", "invalid"]
ChangeType = Literal["standard", "normal", "emergency"]

GOOD_FOR = timedelta(hours=1)
GOOD_FOR_IF_AUTHORISED = timedelta(hours=8)
"""How long a permission holds: the rules' own, and a person's. It is asked for anew after that."""
AWAITED_FOR = timedelta(hours=24)
REVIEWED_WITHIN = timedelta(hours=24)
ASK_AGAIN = 10
LOOK_AGAIN = 300
"""Seconds after which it is worth asking again: where a person is awaited, and where an incident is open."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A rule, and what it says of this question."""

    rule: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided, by which rule, and why: the rule that decided stands first in `reasons`.

    `retry_after`: seconds after which to look again; `expires_at`: until when an allowed one holds, or an awaiting one
    waits. `overridden`: a person let it through although the rules would not have.
    """

    decision: Outcome
    rule: str
    reasons: tuple[Reason, ...]
    awaits: tuple[Awaited, ...] = ()
    retry_after: int | None = None
    expires_at: datetime | None = None
    type: ChangeType = "normal"
    overridden: bool = False
    template: TemplateFacts | None = None
    freeze: FreezeFacts | None = None
    review_due_at: datetime | None = None

    def with_reasons(self, *more: Reason) -> Decision:
        return replace(self, reasons=(*self.reasons, *more))


def invalid(rule: str, text: str) -> Decision:
    """What was asked cannot be understood."""
    return Decision(decision="invalid", rule=rule, reasons=(Reason(rule=rule, text=text),))


def allowed(
    facts: Facts, rule: str, words: str, *, type: ChangeType = "normal", good_for: timedelta = GOOD_FOR
) -> Decision:
    """It passes; an emergency is to be reviewed."""
    return Decision(
        decision="allowed",
        rule=rule,
        reasons=(Reason(rule=rule, text=words),),
        expires_at=facts.now + good_for,
        type=type,
        review_due_at=facts.now + REVIEWED_WITHIN if type == "emergency" else None,
    )


def awaiting(facts: Facts, rule: str, missing: list[tuple[Reason, tuple[Awaited, ...]]]) -> Decision:
    """It waits for people: each reason with those who may lift it."""
    reasons = [reason for reason, _ in missing]
    if facts.author is None:
        who = f"Nobody of ours is known as “{facts.question.actor}”" if facts.question.actor else "Nobody is named"
        reasons.append(Reason(rule=rule, text=f"{who}: the change counts as Dev's, whose other side is Ops."))
    return Decision(
        decision="awaiting",
        rule=rule,
        reasons=tuple(reasons),
        awaits=tuple(dict.fromkeys(awaited for _, awaits in missing for awaited in awaits)),
        retry_after=ASK_AGAIN,
        expires_at=facts.now + AWAITED_FOR,
        type=type_of(facts),
    )


def type_of(facts: Facts) -> ChangeType:
    """As the question says, unless a template makes it a standard one."""
    return "emergency" if facts.question.emergency else "normal"


def is_open(facts: Facts) -> bool:
    """Whether the environment comes before production: there a normal change needs no authorisation."""
    home = facts.service.environment.casefold() if facts.service else ""
    return facts.environment.casefold() != home and any(
        fits_name(facts.environment, pattern) for pattern in facts.open_environments
    )


def authorised_by(verdict: Verdict) -> str:
    return f"authorised by {verdict.by.name}{because(verdict.why)}"


def because(why: str) -> str:
    """` (why)`, or nothing."""
    return f" ({why.strip().rstrip('.')})" if why.strip() else ""
