"""What is kept of a decision: the check's row, the ledger, and the news of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.utils import timezone

from changes import joining, ledger
from changes.events import ChangeEvent, ChangeKind, ChangeState
from changes.gate.decision import decide
from changes.gate.gathering import gather
from changes.gate.outcome import Decision, Reason
from changes.gate.question import Question
from changes.models import Change, GateCheck, State
from notifications import live, outbox

LIVE = "gate"
UNDER_WAY = (State.REQUESTED, State.AUTHORISED)  # the change itself has not begun


def locked(check: GateCheck) -> GateCheck:
    """The check as it stands now, held until the transaction ends."""
    rows = GateCheck.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("service__dev_team", "service__ops_team", "author", "asked_by").get(pk=check.pk)


def renew(check: GateCheck) -> GateCheck:
    """Decide again, by what is true and was said by now. The row is held by the caller."""
    if check.decision == GateCheck.Decision.AWAITING and check.expires_at and check.expires_at <= timezone.now():
        return end(check)
    verdicts = list(check.verdicts.select_related("by"))
    facts = gather(
        question_of(check), service=check.service, author=check.author, asker=check.asked_by, verdicts=verdicts
    )
    return keep(check, decide(facts), at=facts.now)


def end(check: GateCheck) -> GateCheck:
    """Nobody authorised it in time. The row is held by the caller."""
    hours = round((check.expires_at - check.decided_at).total_seconds() / 3600) if check.expires_at else 24
    words = f"Nobody authorised it within {hours} hours; ask again if it is still wanted."
    reason = Reason(rule="expired", text=words)
    return keep(check, Decision(decision="prevented", rule="expired", reasons=(reason,)), at=timezone.now())


def question_of(check: GateCheck) -> Question:
    """What was asked, as it was understood."""
    return Question(
        service=check.service.slug if check.service else check.service_hint,
        environment=check.environment,
        revision=check.revision,
        kind=check.kind,
        actor=check.actor,
        pipeline_url=check.pipeline_url,
        incident=check.incident,
        rollback=check.rollback,
        emergency=check.emergency,
        paths=tuple(check.paths),
        repository=check.repository,
        description=check.description,
    )


def keep(check: GateCheck, decided: Decision, *, at: datetime) -> GateCheck:
    """Write down what is decided. What was decided before stands, with its times, where it is no other decision."""
    same = check.pk is not None and (check.decision, check.rule) == (decided.decision, decided.rule)
    check.reasons = [{"rule": reason.rule, "text": reason.text} for reason in decided.reasons]
    check.awaits = [
        {"side": one.side, "team": one.team.slug if one.team else "", "name": one.words} for one in decided.awaits
    ]
    check.retry_after = decided.retry_after
    check.template_id = decided.template.id if decided.template else None
    if not same:
        check.decision, check.rule = decided.decision, decided.rule
        check.expires_at, check.decided_at = decided.expires_at, at
        check.freeze_id = decided.freeze.id if decided.freeze else None
        check.review_due_at = check.review_due_at or decided.review_due_at
        check.save()
        _enter(check, decided)
        outbox.emit("gate.decided", {"check": check.pk})
        live.publish(LIVE)
    check.save()
    return check


def _enter(check: GateCheck, decided: Decision) -> None:
    """The question and its answer, in the ledger. A change that has begun meanwhile is not asked about any more."""
    if check.service is None or decided.decision == "invalid":
        return
    if check.change is None:
        check.change = _record(check, decided, "requested", check.asked_at, why=_why(decided, unless="allowed"))
    if check.change.state not in UNDER_WAY:
        return
    if decided.decision == "allowed":
        _record(check, decided, "authorised", check.decided_at, why=_why(decided))
    elif check.decided_at > check.asked_at:
        _record(check, decided, "requested", check.decided_at, why=_why(decided))


def _record(check: GateCheck, decided: Decision, state: ChangeState, at: datetime, *, why: str) -> Change:
    assert check.service is not None  # noqa: S101 - by the caller
    known = check.change or joining.told_before(
        service=check.service, environment=check.environment, kind=check.kind, revision=check.revision, at=at
    )
    event = ChangeEvent(
        external_id=f"check-{check.pk}",
        state=state,
        occurred_at=at,
        kind=cast(ChangeKind, check.kind),
        environment=check.environment,
        revision=check.revision,
        repository=check.repository,
        service_hint=check.service.slug,
        actor=check.actor,
        url=check.pipeline_url,
        description=check.description,
        type=decided.type,
        why=why,
        overridden=decided.overridden,
        data={"gate_check": check.pk, "decision": decided.decision, "rule": decided.rule},
    )
    return ledger.record(event=event, source="gate", service=check.service, change=known)


def _why(decided: Decision, *, unless: str = "") -> str:
    return "" if decided.decision == unless else " ".join(reason.text for reason in decided.reasons)
