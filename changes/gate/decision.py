"""May this be changed now? The decision, and every rule that had a part in it, in words. No Django here.

The rules are asked in order, and the first that has an answer decides:

1. What cannot be understood is **invalid**.
2. A **rollback** always passes.
3. What a person said: an **override** passes, a **refusal** prevents.
4. While a sev1 or sev2 is open on the service or on what it depends on, only a change that names that **incident**
   goes on; it is the fix, and passes unless a freeze or a guard speaks against it.
5. A **freeze** prevents.
6. What **guards** security awaits somebody of the other side, or of the guard's own team.
7. An **emergency** passes, and is reviewed within 24 hours; so is the fix of an incident.
8. A **standard** change, one that a template authorises beforehand, passes.
9. In an open **environment** (one before production) a normal change passes.
10. Any other, a **normal** change, awaits somebody of the other side.
"""

from __future__ import annotations

from dataclasses import replace

from changes.gate.facts import Facts, ServiceFacts, Verdict
from changes.gate.guarding import guarded
from changes.gate.holds import freeze, incidents, name_of
from changes.gate.outcome import (
    GOOD_FOR_IF_AUTHORISED,
    Decision,
    Reason,
    allowed,
    authorised_by,
    awaiting,
    because,
    invalid,
    is_open,
    type_of,
)
from changes.gate.question import KINDS
from changes.gate.sides import authorised, either, other_sides
from changes.gate.standard import match


def decide(facts: Facts) -> Decision:
    """The decision on these facts; the same facts always give the same one."""
    if wrong := _what_is_unknown(facts):
        return invalid(*wrong)
    service = facts.service
    assert service is not None  # noqa: S101 - else it would be unknown
    if facts.question.rollback:
        return _rollback(facts, service)
    if wrong := _what_is_missing(facts):
        return invalid(*wrong)
    by_rules = _by_rules(facts, service)
    said = next((one for one in reversed(facts.verdicts) if one.kind in ("overridden", "refused")), None)
    if said is None:
        return by_rules
    return _overridden(facts, said, by_rules) if said.kind == "overridden" else _refused(said)


def _by_rules(facts: Facts, service: ServiceFacts) -> Decision:
    fixes, stopped = incidents(facts, service)
    stopped = stopped or freeze(facts, service)
    guards = guarded(facts, service, type="emergency" if fixes else type_of(facts))
    if stopped:
        return _stopped(stopped, guards)
    if guards:
        return guards
    if fixes:
        words = f"It is for {name_of(fixes)}, which is open; it is to be reviewed within 24 hours."
        return allowed(facts, "incident", words, type="emergency")
    if facts.question.emergency and not is_open(facts):
        words = "It is an emergency change, which passes and is to be reviewed within 24 hours."
        return allowed(facts, "emergency", words, type="emergency")
    return _standard_or_normal(facts, service)


def _stopped(decided: Decision, guards: Decision | None) -> Decision:
    """With what guards it as well: whoever lets it through goes past that too."""
    if guards is None or guards.decision == "allowed":
        return decided
    return decided.with_reasons(*guards.reasons)


def _what_is_unknown(facts: Facts) -> tuple[str, str] | None:
    question = facts.question
    if facts.service is None:
        return "service", (
            f"There is no service “{question.service}”; name one of the catalogue, or map this name to it in Settings."
            if question.service
            else "No service is named; say which one is changed."
        )
    if question.kind not in KINDS:
        return "kind", f"“{question.kind}” is no kind of change; use {', '.join(KINDS)}."
    return None


def _what_is_missing(facts: Facts) -> tuple[str, str] | None:
    question = facts.question
    if question.kind == "deploy" and not question.revision:
        return "revision", "No revision is named; say which one is deployed."
    known = {one.number for one in facts.incidents if one.known}
    if question.incident is not None and question.incident not in known:
        return "incident", f"There is no incident {question.incident}; name one that there is, or none."
    return None


def _rollback(facts: Facts, service: ServiceFacts) -> Decision:
    passes = allowed(facts, "rollback", "It is a rollback, which always passes and is recorded.")
    if not facts.question.revision or facts.ran_before:
        return passes
    words = f"No success of {facts.question.revision} on {service.name} in {facts.environment} is on record, though."
    return passes.with_reasons(Reason(rule="rollback", text=words))


def _overridden(facts: Facts, override: Verdict, by_rules: Decision) -> Decision:
    if by_rules.decision == "allowed":
        return by_rules
    words = f"{override.by.name} let it through{because(override.why)}. The rules would not have:"
    passes = allowed(facts, "override", words, good_for=GOOD_FOR_IF_AUTHORISED, type=type_of(facts))
    return replace(passes, overridden=True, freeze=by_rules.freeze).with_reasons(*by_rules.reasons)


def _refused(said: Verdict) -> Decision:
    words = f"{said.by.name} refused it{because(said.why)}."
    return Decision(decision="prevented", rule="refused", reasons=(Reason(rule="refused", text=words),))


def _standard_or_normal(facts: Facts, service: ServiceFacts) -> Decision:
    found = match(facts)
    if found.template:
        words = f"It is a standard change: template “{found.template.name}” authorises it beforehand."
        return replace(allowed(facts, "template", words, type="standard"), template=found.template)
    if is_open(facts):
        return allowed(facts, "environment", f"A normal change needs no authorisation in {facts.environment}.")
    awaits = other_sides(facts, service)
    if verdict := authorised(awaits, facts):
        words = f"It was {authorised_by(verdict)}."
        return allowed(facts, "authorisation", words, good_for=GOOD_FOR_IF_AUTHORISED)
    words = f"It is a normal change to {facts.environment}: it takes an authorisation by {either(awaits)}."
    decision = awaiting(facts, "authorisation", [(Reason(rule="authorisation", text=words), awaits)])
    return decision.with_reasons(*(Reason(rule="template", text=miss) for miss in found.misses))
