"""The one main next step in the head of the page, from what the page has read already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oncall.requests import Request
from postmortems.facilitating.next_step import Standing, Step, next_step
from postmortems.lifecycle import SUMMARY_KEYS
from postmortems.models import Postmortem

GRAVE = ("sev1", "sev2")
"""Severities whose post-mortem has a meeting; a smaller one may do without."""


def step_of(request: Request, postmortem: Postmortem, page: Mapping[str, Any]) -> Step | None:
    """The step, for those who may take it. `page`: its context, with what review.py and follow.py add to it."""
    if not request.user.is_responder:
        return None
    leads = postmortem.facilitator
    asked = [one for one in page["asked"] if not one.misfit]
    waiting = [one.review for one in asked if not one.review.signed_off_at]
    return next_step(
        Standing(
            status=postmortem.status,
            facilitated=leads is not None and leads.is_active and leads.is_responder,
            meets=postmortem.meeting_at is not None or not _grave(page),
            unwritten=_unwritten(page),
            factors=sum(one.kind == "contributing" for one in page["findings"]),
            waits=page["waits"],
            asked=frozenset(one.review.side for one in asked),
            signed=frozenset(one.review.side for one in asked if one.review.signed_off_at),
            waiting_for=[str(one.person) for one in waiting],
            mine=next((one.side for one in waiting if one.person_id == request.user.pk), ""),
            not_removed=len(page["remaining"]),
        )
    )


def _grave(page: Mapping[str, Any]) -> bool:
    return any(course.incident.severity in GRAVE for course in page["courses"])


def _unwritten(page: Mapping[str, Any]) -> str:
    """The key of the section that tells what it is about, while nothing stands there."""
    found = {part.key: part.writing for part in page["parts"] if part.writing}
    key = next((key for key in SUMMARY_KEYS if key in found), "")
    return key if key and not found[key].section.body.strip() else ""
