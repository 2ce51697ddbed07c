"""What guards security: who has to authorise a change to it. No Django here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from changes.gate.facts import Facts, GuardFacts, ServiceFacts
from changes.gate.globs import fits_any
from changes.gate.outcome import (
    GOOD_FOR_IF_AUTHORISED,
    ChangeType,
    Decision,
    Reason,
    allowed,
    authorised_by,
    awaiting,
    because,
    is_open,
)
from changes.gate.sides import Awaited, authorised, either, other_sides


def guarded(facts: Facts, service: ServiceFacts, *, type: ChangeType) -> Decision | None:
    """Each guard needs somebody of the other side, or of its own team. One person may speak for several."""
    guards = list(_guards(facts, service))
    if not guards:
        return None
    given: list[Reason] = []
    missing: list[tuple[Reason, tuple[Awaited, ...]]] = []
    for guard, what in guards:
        awaits = _for_guard(facts, service, guard)
        guards_words = f"“{guard.name}” guards {what[0]}{because(guard.why)}{what[1]}"
        if verdict := authorised(awaits, facts):
            given.append(Reason(rule="guard", text=f"{guards_words}: {authorised_by(verdict)}."))
        else:
            words = f"{guards_words}: it takes an authorisation by {either(awaits)}."
            missing.append((Reason(rule="guard", text=words), awaits))
    if not missing:
        passes = allowed(facts, "guard", given[0].text, good_for=GOOD_FOR_IF_AUTHORISED, type=type)
        return passes.with_reasons(*given[1:])
    return replace(awaiting(facts, "guard", missing), type=type)


def _guards(facts: Facts, service: ServiceFacts) -> Iterator[tuple[GuardFacts, tuple[str, str]]]:
    """The guards that concern this change, what of it, and what else is to be said."""
    for guard in facts.guards:
        if guard.service not in (None, service.id):
            continue
        if not guard.paths:
            yield guard, (service.slug, "")
        elif facts.paths is None:
            if not is_open(facts):
                yield guard, (", ".join(guard.paths), ", and which files this change touches is not known")
        elif touched := [path for path in facts.paths if fits_any(path, guard.paths)]:
            more = f" and {len(touched) - 1} more" if len(touched) > 1 else ""
            yield guard, (f"{touched[0]}{more}", "")


def _for_guard(facts: Facts, service: ServiceFacts, guard: GuardFacts) -> tuple[Awaited, ...]:
    """Its team does not authorise what somebody of that team has changed."""
    own = guard.team and facts.author and guard.team.slug in facts.author.teams
    team = (Awaited(team=guard.team),) if guard.team and not own else ()
    return (*other_sides(facts, service), *team)
