"""Telling GitHub what the gate decided: leased rows, tried again until GitHub takes it or says that it never will."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from changes.github_app import tokens
from changes.models import GateCheck, ProtectionRule
from notifications.http import Client, HttpError
from notifications.leases import backoff, claim
from notifications.links import absolute

log = structlog.get_logger(__name__)

TIMEOUT = 10.0  # seconds for each request, of which there are at most four
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 40  # with backoff() this is about five hours
STATES = {
    GateCheck.Decision.ALLOWED: "approved",
    GateCheck.Decision.PREVENTED: "rejected",
    GateCheck.Decision.INVALID: "rejected",
}
LONGEST_COMMENT = 1_000
WORDS = {
    401: "GitHub does not know us: do GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong to each other?",
    403: "GitHub does not let the App answer: give it “Deployments: write” on the repository.",
    404: "GitHub knows no such run or installation: is the App still installed on the repository?",
    422: "GitHub does not accept an answer for this run any more",
}


def answer_due(*, limit: int = 20) -> int:
    """Answer what is due, oldest first; returns how many were tried."""
    if not settings.GITHUB_APP_ID:
        return 0
    chosen = settings.GITHUB_API_URL != settings.GITHUB_PUBLIC_API_URL  # the operator's own may be a private address
    with Client(timeout=TIMEOUT, max_bytes=100_000, allow_private=chosen) as client:
        for tried in range(limit):
            rules = claim(waiting().select_related("check_asked"), limit=1, lease=LEASE)
            if not rules:
                return tried
            _answer(rules[0], client)
    return limit


def waiting() -> QuerySet[ProtectionRule]:
    """Deployments that GitHub is to hear of."""
    return ProtectionRule.objects.filter(next_at__isnull=False)


def told_for_good(rule: ProtectionRule) -> bool:
    """GitHub was told to approve or to reject, and takes no other answer for this run."""
    return rule.told in STATES


def _answer(rule: ProtectionRule, client: Client) -> None:
    """Without a transaction: GitHub may think for seconds."""
    decision, leased = rule.check_asked.decision_now, rule.next_at
    try:
        if decision != rule.told:
            _send(rule, _body(rule.check_asked, rule.environment, decision), client)
    except HttpError as error:
        _record_trouble(rule, error)
        return
    rule.told = decision
    rule.state = ProtectionRule.State.ANSWERED if told_for_good(rule) else ProtectionRule.State.WAITING
    rule.error = ""
    rule.save(update_fields=["told", "state", "error"])
    ProtectionRule.objects.filter(pk=rule.pk, next_at=leased).update(next_at=None)  # unless it was decided anew by now


def _body(check: GateCheck, environment: str, decision: str) -> dict[str, str]:
    """Without a `state`, GitHub shows the comment and goes on waiting."""
    reasons = " ".join(reason["text"] for reason in check.reasons)[:LONGEST_COMMENT]
    comment = f"Andon: {GateCheck.Decision(decision).label}. {reasons}\n\n{absolute(check.get_absolute_url())}"
    body = {"environment_name": environment, "comment": comment}
    return body | {"state": STATES[GateCheck.Decision(decision)]} if decision in STATES else body


def _send(rule: ProtectionRule, body: dict[str, str], client: Client) -> None:
    """Raises HttpError. A token that is not accepted is bought anew, once."""
    try:
        _post(rule, body, client)
    except HttpError as error:
        if error.status != 401:
            raise
        tokens.forget(rule.installation)
        _post(rule, body, client)


def _post(rule: ProtectionRule, body: dict[str, str], client: Client) -> None:
    token = tokens.token_of(rule.installation, client)
    client.post(rule.callback_url, json=body, headers=tokens.HEADERS | {"Authorization": f"Bearer {token}"})


def _record_trouble(rule: ProtectionRule, error: HttpError) -> None:
    """Tried again later, unless that is of no use; then it stands on the check's page."""
    final = (error.permanent and error.retry_after is None) or rule.attempts >= MOST_ATTEMPTS
    log.warning("github_not_answered", rule_id=rule.pk, status=error.status, final=final, error=str(error))
    rule.error = _in_words(error)
    rule.state = ProtectionRule.State.FAILED if final else ProtectionRule.State.WAITING
    rule.next_at = None if final else _again(rule.attempts, error.retry_after)
    rule.save(update_fields=["error", "state", "next_at"])


def _again(attempts: int, asked: float | None) -> datetime:
    return max(backoff(attempts), timezone.now() + timedelta(seconds=min(asked or 0, 3600)))


def _in_words(error: HttpError) -> str:
    """What went wrong, and what GitHub said to it."""
    try:
        said = json.loads(error.body).get("message", "")
    except (ValueError, AttributeError):
        said = ""
    known = WORDS.get(error.status or 0, str(error))
    return f"{known} ({said[:300]})" if isinstance(said, str) and said else known
