"""Problem records: causes not yet removed. The table of moves is in `postmortems/problems/lifecycle.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from changes.models import Change
from incidents.models import Incident
from notifications import live
from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Service, Team
from oncall.permissions import require_responder
from postmortems.models import Action, Factor, Postmortem, Problem, SuggestionDismissal
from postmortems.problems import lifecycle as problem_lifecycle
from postmortems.services.common import LIST, choice, locked, prose, tell, words


class ProblemFields(TypedDict, total=False):
    """What is said of a problem; what is left out stays as it is."""

    category: Factor | None
    symptoms: str
    statement: str
    origin: str
    impact: int
    urgency: int
    owner: Person | None
    team: Team | None
    workaround: str
    effectiveness: str
    cause_notes: str
    fix_notes: str
    services: Iterable[Service]


class ProblemLinks(TypedDict, total=False):
    """Records that belong to a problem."""

    incidents: Iterable[Incident]
    postmortems: Iterable[Postmortem]
    changes: Iterable[Change]
    actions: Iterable[Action]


_TEXTS = ("symptoms", "statement", "workaround", "cause_notes", "fix_notes")


@transaction.atomic
def open_problem(
    *,
    title: str,
    by: Person | None,
    incidents: Iterable[Incident] = (),
    postmortem: Postmortem | None = None,
    postmortems: Iterable[Postmortem] = (),
    **fields: Unpack[ProblemFields],
) -> Problem:
    """Open a problem for a cause that is suspected; `incidents` it showed in, `postmortem(s)` it was found by.

    `impact` and `urgency` are 1 high, 2 medium, 3 low. Raises `InvalidInput` by field.
    """
    require_responder(by)
    problem = Problem(number=next_number("problem"), title=words("title", title, most=200), created_by=by)
    _save(problem, dict(fields))
    problem.incidents.set(incidents)
    found_by = [*postmortems, *([postmortem] if postmortem else [])]
    problem.postmortems.set(found_by)
    tell(problem, "problem.opened")
    for one in found_by:
        tell(one)
    return problem


@transaction.atomic
def dismiss_suggestion(
    *, factor: Factor, service: Service, incidents: int, reason: str, by: Person | None
) -> SuggestionDismissal:
    """Say why no problem is opened for a factor that recurs at a service; asked again once more `incidents` come."""
    require_responder(by)
    reason = words("reason", reason, most=300)
    kept, _ = SuggestionDismissal.objects.update_or_create(
        factor=factor,
        service=service,
        defaults={"incidents": incidents, "reason": reason, "by": by, "at": timezone.now()},
    )
    live.publish(LIST)
    return kept


@transaction.atomic
def edit_problem(
    *, problem: Problem, by: Person | None, title: str | None = None, **fields: Unpack[ProblemFields]
) -> Problem:
    """Change what is given. Raises `InvalidInput` by field: a known error keeps its cause notes."""
    require_responder(by)
    problem = locked(problem)
    if title is not None:
        problem.title = words("title", title, most=200)
    if problem.known_error_at and "cause_notes" in fields and not fields["cause_notes"].strip():
        raise InvalidInput(cause_notes="This is a known error: say what is known of its cause.")
    _save(problem, dict(fields))
    tell(problem)
    return problem


@transaction.atomic
def link_problem(*, problem: Problem, by: Person | None, **links: Unpack[ProblemLinks]) -> Problem:
    """Add incidents, post-mortems, actions, or changes that fix it."""
    require_responder(by)
    problem = locked(problem)
    for name, rows in links.items():
        getattr(problem, name).add(*rows)  # type: ignore[misc]
    tell(problem)
    return problem


@transaction.atomic
def unlink_problem(*, problem: Problem, by: Person | None, **links: Unpack[ProblemLinks]) -> Problem:
    """Take links back."""
    require_responder(by)
    problem = locked(problem)
    for name, rows in links.items():
        getattr(problem, name).remove(*rows)  # type: ignore[misc]
    tell(problem)
    return problem


@transaction.atomic
def mark_known_error(
    *, problem: Problem, by: Person | None, cause_notes: str = "", workaround: str = "", effectiveness: str = ""
) -> Problem:
    """Say that it is analysed and not yet removed: from now on, incidents of its services show its workaround.

    Needs cause notes, given here or before; a workaround may be left empty where there is none. Raises
    `InvalidInput`, and `Conflict` for a problem that is resolved.
    """
    require_responder(by)
    problem = locked(problem)
    if problem.status in ("resolved", "closed"):
        raise Conflict(f"P{problem.number} is {problem.get_status_display()}: reopen it first.", allowed=["reopened"])
    problem.cause_notes = prose("cause_notes", cause_notes).strip() or problem.cause_notes
    problem.workaround = prose("workaround", workaround).strip() or problem.workaround
    problem.effectiveness = _checked("effectiveness", effectiveness) or problem.effectiveness
    if not problem.cause_notes.strip():
        raise InvalidInput(cause_notes="Say what is known of its cause: that is what makes it a known error.")
    new = problem.known_error_at is None
    problem.known_error_at = problem.known_error_at or timezone.now()
    problem.save(update_fields=["cause_notes", "workaround", "effectiveness", "known_error_at"])
    tell(problem, "problem.known_error" if new else "")
    return problem


@transaction.atomic
def transition_problem(
    *,
    problem: Problem,
    to: str,
    by: Person | None,
    outcome: str = "",
    reason: str = "",
    review_on: date | None = None,
    duplicate_of: Problem | None = None,
) -> Problem:
    """Move to assess, investigating, fix_in_progress, resolved, closed or reopened.

    Resolving needs an `outcome`: fixed (with a linked change that succeeded), risk_accepted (`review_on`), duplicate
    (`duplicate_of`) or cancelled (`reason`, kept in the fix notes). Raises `Conflict` with `allowed`, `InvalidInput`.
    """
    require_responder(by)
    problem = locked(problem)
    allowed = problem_lifecycle.allowed(problem.status)
    if to not in allowed:
        raise Conflict(
            f"A problem that is {problem.get_status_display()} cannot become {to!r}: "
            f"it can become {' or '.join(allowed)}.",
            allowed=list(allowed),
        )
    if to == "resolved":
        _resolve(problem, outcome, reason, review_on, duplicate_of)
    if to == "reopened":
        problem.outcome, problem.resolved_at, problem.review_on, problem.duplicate_of = "", None, None, None
    problem.status = problem_lifecycle.after(to)
    problem.save()
    tell(problem, "problem.resolved" if to == "resolved" else "")
    return problem


def _resolve(problem: Problem, outcome: str, reason: str, review_on: date | None, duplicate_of: Problem | None) -> None:
    if duplicate_of and duplicate_of.pk == problem.pk:
        raise InvalidInput(duplicate_of=f"P{problem.number} cannot duplicate itself: name the other one.")
    resolution = problem_lifecycle.Resolution(
        outcome=outcome,
        implemented_changes=problem.changes.filter(state="succeeded").count(),
        review_on=review_on,
        duplicate=duplicate_of is not None,
        reason=reason,
    )
    if objections := problem_lifecycle.objections(resolution, timezone.localdate()):
        raise InvalidInput({field: [sentence] for field, sentence in objections.items()})
    problem.outcome, problem.resolved_at = outcome, timezone.now()
    problem.review_on = review_on if outcome == "risk_accepted" else None
    problem.duplicate_of = duplicate_of if outcome == "duplicate" else None
    problem.fix_notes = prose("reason", reason).strip() or problem.fix_notes


def _save(problem: Problem, fields: dict[str, Any]) -> None:
    services = fields.pop("services", None)
    for name, value in fields.items():
        setattr(problem, name, _checked(name, value))
    problem.save()
    if services is not None:
        problem.services.set(services)


def _checked(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return prose(name, value).strip()
    if name == "origin":
        return choice("origin", value, Problem.Origin.values)
    if name == "effectiveness":
        return choice("effectiveness", value, Problem.Effectiveness.values) if value else ""
    if name in ("impact", "urgency") and value not in Problem.Level.values:
        raise InvalidInput({name: [f"{value!r} is no level: 1 is high, 2 medium, 3 low."]})
    return value
