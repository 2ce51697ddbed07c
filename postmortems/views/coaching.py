"""What the coach says of a whole post-mortem, beside its review and on the facilitation page."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects

from oncall.requests import Request
from postmortems import coached
from postmortems.models import Postmortem


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    """For `_coach_summary.html`. Of a published post-mortem nothing is said: it is not written on any more."""
    if postmortem.status == Postmortem.Status.PUBLISHED or not request.user.is_responder:
        return {"coach_summary": None}
    prefetch_related_objects([postmortem], "sections__dismissals", "actions")
    return {"coach_summary": coached.summary_of(postmortem.sections.all(), postmortem.actions.all())}
