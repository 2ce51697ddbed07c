"""Templates whose changes keep failing authorise nothing any more, until somebody resumes them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from changes.models import Change, ChangeTemplate, GateCheck, State
from notifications import outbox
from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder

JUDGED = 10  # by so many of its latest changes
FAILED = (State.FAILED, State.ROLLED_BACK)


@transaction.atomic
def suspend_if_failing(*, template: ChangeTemplate) -> bool:
    """Suspend it where more of its latest ten changes failed or were rolled back than it allows; whether it was."""
    template = ChangeTemplate.objects.select_for_update().get(pk=template.pk)
    if template.suspended_at or template.retired_at:
        return False
    latest = latest_changes(template)
    failed = [change for change in latest if change.state in FAILED]
    if len(failed) <= template.failures_allowed:
        return False
    allowed = template.failures_allowed
    _suspend(
        template,
        f"{len(failed)} of its last {len(latest)} changes failed or were rolled back, the last one {failed[0]}; "
        f"{allowed} may.",
    )
    return True


@transaction.atomic
def suspend_template(*, template: ChangeTemplate, by: Person | None, why: str) -> ChangeTemplate:
    """Somebody does not trust it for now. Raises Forbidden, InvalidInput without a reason, Conflict."""
    require_responder(by)
    template = _live(template)
    if template.suspended_at:
        raise Conflict("It is suspended already.")
    return _suspend(template, f"By {by or 'Andon'}: {_reason(why)}")


@transaction.atomic
def resume_template(*, template: ChangeTemplate, by: Person | None, why: str) -> ChangeTemplate:
    """It authorises again, and earlier failures count no more. For administrators, and the lead of the owning team.

    Raises Forbidden, InvalidInput without a reason, Conflict where it is not suspended.
    """
    require_responder(by)
    template = _live(template)
    if by and not by.is_administrator and template.owner.lead_id != by.pk:
        raise Forbidden(f"This takes an administrator, or the lead of {template.owner}.")
    if template.suspended_at is None:
        raise Conflict("It is not suspended.")
    reason = _reason(why)
    template.suspended_at, template.suspended_why, template.trusted_since = None, "", timezone.now()
    template._change_reason = f"Resumed: {reason}"[:100]  # type: ignore[attr-defined]
    template.save()
    outbox.emit("template.resumed", {"template": template.pk, "by": by.pk if by else None, "why": reason})
    return template


def latest_changes(template: ChangeTemplate) -> list[Change]:
    """The changes it let through since it is trusted, that have come to an end, the newest first."""
    let_through = GateCheck.objects.filter(template=template, decision=GateCheck.Decision.ALLOWED)
    ended = Change.objects.filter(pk__in=let_through.values("change"), finished_at__gt=template.trusted_since)
    return list(ended.order_by("-finished_at", "-pk")[:JUDGED])


def _suspend(template: ChangeTemplate, why: str) -> ChangeTemplate:
    template.suspended_at, template.suspended_why = timezone.now(), why
    template._change_reason = f"Suspended: {why}"[:100]  # type: ignore[attr-defined]
    template.save()
    outbox.emit("template.suspended", {"template": template.pk, "why": why})
    return template


def _live(template: ChangeTemplate) -> ChangeTemplate:
    locked = ChangeTemplate.objects.select_for_update(of=("self",)).select_related("owner").get(pk=template.pk)
    if locked.retired_at:
        raise Conflict("It is retired; make a new one.")
    return locked


def _reason(why: str) -> str:
    found = (why or "").strip()
    if not found or len(found) > 1_000:
        raise InvalidInput(why="Say why, in at most 1000 characters: it stays on record.")
    return found
