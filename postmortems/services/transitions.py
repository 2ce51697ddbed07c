"""Moving a post-mortem along its life. The table, and what publishing takes, are in `postmortems/lifecycle.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sized

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems import lifecycle
from postmortems.models import FactorFinding, Postmortem, Review
from postmortems.services.common import locked, tell
from postmortems.services.reviews import able_to_sign


@transaction.atomic
def transition(*, postmortem: Postmortem, to: str, by: Person | None, reason: str = "") -> Postmortem:
    """Move to `in_review`, `published`, `draft` (from review) or `reopened` (with a reason).

    Raises `Conflict` with `allowed` for a move that the table does not have, and with `missing` (what publishing
    still waits for, in words); `InvalidInput` without a reason to reopen. Where nobody is left of a side who could sign
    off (`nobody_left` of the refusal), a `reason` stands for that sign-off and goes on the incidents' timelines.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    allowed = lifecycle.allowed(postmortem.status)
    if to not in allowed:
        raise Conflict(
            f"A post-mortem that is {postmortem.get_status_display()} cannot become {to!r}: "
            f"it can become {' or '.join(allowed)}.",
            allowed=list(allowed),
        )
    if to == "reopened" and not reason.strip():
        raise InvalidInput(reason="Say why it is reopened: those who signed it off will ask.")
    if to == "published":
        _publish(postmortem, reason.strip())
    postmortem.status = lifecycle.after(to)
    postmortem.save()
    _tell(postmortem, to, reason.strip())
    return postmortem


def readiness(postmortem: Postmortem, able: Mapping[str, Sized] | None = None) -> lifecycle.Readiness:
    """What there is of it, as far as publishing asks for it. `able`: who could sign for each side, where it is read."""
    sections = {section.key: section.body for section in postmortem.sections.all()}
    summary = next((sections[key] for key in lifecycle.SUMMARY_KEYS if key in sections), "")
    signed = frozenset(review.side for review in postmortem.reviews.all() if review.signed_off_at)
    unsigned = [side for side in lifecycle.SIDES if side not in signed]
    return lifecycle.Readiness(
        has_summary=bool(summary.strip()),
        factors=sum(one.kind == FactorFinding.Kind.CONTRIBUTING for one in postmortem.findings.all()),
        signed_off=signed,
        nobody_left=frozenset(
            side for side in unsigned if not (able[side] if able else able_to_sign(postmortem, side).exists())
        ),
    )


def missing(postmortem: Postmortem) -> list[str]:
    """What publishing still waits for, in words; empty when nothing."""
    return lifecycle.missing(readiness(postmortem))


def _publish(postmortem: Postmortem, reason: str) -> None:
    ready = readiness(postmortem)
    forgone = lifecycle.forgone(ready)
    waits = lifecycle.missing(ready, without=forgone if reason else ())
    if waits:
        names = " and ".join(lifecycle.SIDES[side] for side in forgone)
        way_out = f" Nobody of {names} is left who could sign it: give a reason to do without." if forgone else ""
        raise Conflict(
            f"Post-mortem {postmortem.number} cannot be published yet: it still needs {', '.join(waits)}.{way_out}",
            missing=waits,
            nobody_left=forgone,
        )
    postmortem.published_at = postmortem.published_at or timezone.now()


def _tell(postmortem: Postmortem, to: str, reason: str) -> None:
    match to:
        case "in_review":
            tell(postmortem, "postmortem.review_requested")
        case "published":
            tell(postmortem, "postmortem.published", **({"reason": reason} if reason else {}))
        case "reopened":
            Review.objects.filter(postmortem=postmortem).update(signed_off_at=None, asked_at=timezone.now())
            tell(postmortem, "postmortem.reopened", reason=reason)
        case _:
            Review.objects.filter(postmortem=postmortem).update(signed_off_at=None, asked_at=timezone.now())
            tell(postmortem)
