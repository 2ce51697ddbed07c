"""Requests that were refused, so that an operator sees why a sender's messages do not come: counted, never kept.

There are at most four rows an hour for each integration, whatever strangers send.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from notifications.models import Integration, IntegrationSecret, Rejection
from notifications.payloads import header

log = structlog.get_logger(__name__)

KEPT = timedelta(days=7)
TOLERANCE = 300  # seconds, of https://www.standardwebhooks.com
MINUTE = timedelta(minutes=1)
PROOFS = (
    "Authorization",
    "X-Hub-Signature-256",
    "X-Hub-Signature",
    "X-Gitlab-Token",
    "X-Grafana-Alerting-Signature",
    "X-PagerDuty-Signature",
    "Sentry-Hook-Signature",
    "webhook-signature",
)


def note(*, integration: Integration, status: int, reason: str) -> None:
    """Count a request that was refused. Where that cannot be written, the refusal stands all the same."""
    now = timezone.now()
    told = {"reason": reason.replace("\x00", "\ufffd")[:300], "latest_at": now}
    hour = now.replace(minute=0, second=0, microsecond=0)
    try:
        with transaction.atomic():
            row, _ = Rejection.objects.get_or_create(integration=integration, status=status, hour=hour, defaults=told)
            Rejection.objects.filter(pk=row.pk).update(count=F("count") + 1, **told)
    except DatabaseError:
        log.warning("rejection_not_noted", integration_id=integration.pk, status=status, exc_info=True)


def recent(integration: Integration, since: datetime) -> QuerySet[Rejection]:
    """What was refused since the hour of `since`, the latest first."""
    hour = since.replace(minute=0, second=0, microsecond=0)
    return integration.rejections.filter(hour__gte=hour).order_by("-latest_at")


def forget() -> None:
    """Drop what is too old to explain anything."""
    Rejection.objects.filter(hour__lt=timezone.now() - KEPT).delete()


def why_not_authentic(headers: Mapping[str, str], now: datetime) -> str:
    """Why a request was not taken for its sender's, as far as its headers tell: no proof, a clock that is wrong, else
    that it does not match."""
    if not any(header(headers, name) for name in PROOFS):
        return "The request has neither a signature nor a token; give the sender the secret of this integration."
    stamp = header(headers, "webhook-timestamp")
    if stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and header(headers, "webhook-signature"):
        skew = int(stamp) - int(now.timestamp())
        if abs(skew) > TOLERANCE:
            side = "ahead of" if skew > 0 else "behind"
            return (
                f"webhook-timestamp {stamp} is {abs(skew)} seconds {side} our clock ({int(now.timestamp())}); "
                f"{TOLERANCE} are allowed. Correct the sender's clock, and sign each attempt anew."
            )
    return "The signature or token does not match a live secret of this integration."


def note_use(secret: IntegrationSecret) -> None:
    """Remember, to the minute, that a secret is still used."""
    now = timezone.now()
    if secret.last_used_at is None or secret.last_used_at < now - MINUTE:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - MINUTE)
        IntegrationSecret.objects.filter(unnoted, pk=secret.pk).update(last_used_at=now)
