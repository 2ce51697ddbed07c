"""Reactions of the GitHub App (config/reactions.py)."""

from __future__ import annotations

from django.utils import timezone

from changes.github_app.answering import STATES
from changes.models import ProtectionRule
from notifications.models import Event


def answer_again(event: Event) -> None:
    """The gate decided anew: GitHub hears of it, as long as it takes an answer."""
    open_to_answers = ProtectionRule.objects.filter(
        check_asked=event.payload["check"], state=ProtectionRule.State.WAITING
    ).exclude(told__in=STATES)
    open_to_answers.update(next_at=timezone.now(), attempts=0)
