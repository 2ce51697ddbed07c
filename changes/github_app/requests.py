"""Taking in what GitHub asks: may this deployment begin?"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from changes import gate
from changes.events import ProtectionRequest
from changes.gate import Question
from changes.github_app.callbacks import refusal, run_page
from changes.models import ProtectionRule
from notifications.models import Integration

NOT_AN_APP = "Andon is no GitHub App yet: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, and run it again on GitHub."
LONGEST_URL = 500


@transaction.atomic
def take(*, request: ProtectionRequest, integration: Integration | None) -> ProtectionRule:
    """Ask the gate, and have GitHub told. A run that asks again is answered again.

    What cannot be answered, such as a callback to another host, is kept with the reason.
    """
    why_not = _why_not(request)
    check = gate.check(question=_question(request, answered=not why_not), by=None, integration=integration)
    rule, _ = ProtectionRule.objects.update_or_create(
        check_asked=check,
        callback_url=request.callback_url[:LONGEST_URL],
        defaults={
            "installation": request.installation,
            "repository": request.repository[:200],
            "environment": request.environment[:60],
            "state": ProtectionRule.State.FAILED if why_not else ProtectionRule.State.WAITING,
            "told": "",
            "next_at": None if why_not else timezone.now(),
            "attempts": 0,
            "error": why_not,
        },
    )
    return rule


def _why_not(request: ProtectionRequest) -> str:
    if not settings.GITHUB_APP_ID:
        return NOT_AN_APP
    if len(request.callback_url) > LONGEST_URL:
        return f"The callback is longer than {LONGEST_URL} characters."
    return refusal(request.callback_url, api=settings.GITHUB_API_URL, repository=request.repository)


def _question(request: ProtectionRequest, *, answered: bool) -> Question:
    page = run_page(request.callback_url, api=settings.GITHUB_API_URL) if answered else ""
    return Question(
        service=request.service_hint or "",
        environment=request.environment,
        revision=request.revision,
        actor=request.actor,
        pipeline_url=page,
        rollback=request.rollback,
        repository=request.repository,
        description=request.description,
    )
