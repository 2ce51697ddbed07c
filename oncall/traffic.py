"""How an integration does: what it sent lately, what was refused, and whether it fell silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from notifications import rejections
from notifications.models import InboundMessage, Integration, Rejection

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LATEST = 50
SPOKE = 3  # messages in a day make a sender one that speaks
State = InboundMessage.State


@dataclass(frozen=True)
class Traffic:
    """What one integration sent within 24 hours, by state, and `last` of all; `before` is how many it sent in the same
    24 hours a week earlier; `refused` are the hours of refused requests, the latest first."""

    counts: dict[str, int]
    last: datetime | None
    before: int
    refused: list[Rejection]

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    @property
    def failed(self) -> int:
        return self.counts.get(State.FAILED, 0)

    @property
    def is_silent(self) -> bool:
        """It spoke on this day a week ago, and says nothing now: so a weekend is no silence."""
        return self.received == 0 and self.before >= SPOKE

    def warnings(self) -> Iterator[str]:
        """What somebody should look at, in sentences."""
        if self.is_silent:
            yield f"It sent nothing in the last 24 hours; on the same day a week ago it sent {self.before} messages."
        if self.failed:
            some = "1 message" if self.failed == 1 else f"{self.failed} messages"
            yield f"{some} of the last 24 hours could not be processed; see why below, and replay."
        for status, count, reason in self._refusals():
            requests = "1 request was" if count == 1 else f"{count} requests were"
            yield f"{requests} refused with {status} in the last 24 hours. The latest was told: {reason}"

    def _refusals(self) -> Iterator[tuple[int, int, str]]:
        for status in sorted({row.status for row in self.refused}):
            rows = [row for row in self.refused if row.status == status]
            yield status, sum(row.count for row in rows), rows[0].reason


def traffic(integration: Integration, now: datetime | None = None) -> Traffic:
    """Four queries, each of a bounded part of the messages."""
    now = now or timezone.now()
    today = integration.messages.filter(received_at__gt=now - DAY).order_by()
    last = integration.messages.order_by("-received_at").values_list("received_at", flat=True).first()
    return Traffic(
        counts=dict(today.values_list("state").annotate(count=Count("pk"))),
        last=last,
        before=_week_before(integration.messages.all(), now).count(),
        refused=list(rejections.recent(integration, now - DAY)),
    )


def latest(integration: Integration, show: str = "") -> QuerySet[InboundMessage]:
    """Its latest messages with their `size` in bytes, without their contents; `show` is a state, or all."""
    messages = integration.messages.defer("body", "headers").annotate(size=Length("body"))
    return (messages.filter(state=show) if show in State.values else messages).order_by("-received_at", "-pk")


def with_traffic(integrations: QuerySet[Integration], now: datetime | None = None) -> QuerySet[Any]:
    """Integrations with `last`, `live` (secrets), `failed` and `refused` of the last 24 hours, and `silent`."""
    now = now or timezone.now()
    mine = InboundMessage.objects.filter(integration=OuterRef("pk"))
    today = mine.filter(received_at__gt=now - DAY)
    spoke = _week_before(mine, now).order_by()[SPOKE - 1 : SPOKE]
    return integrations.annotate(
        live=Count("secrets", filter=Q(secrets__retired_at=None)),
        last=Subquery(mine.order_by("-received_at").values("received_at")[:1]),
        failed=_count(today.filter(state=State.FAILED)),
        refused=Exists(Rejection.objects.filter(integration=OuterRef("pk"), latest_at__gt=now - DAY)),
        silent=Exists(spoke) & ~Exists(today),
    )


def _week_before(messages: QuerySet[InboundMessage], now: datetime) -> QuerySet[InboundMessage]:
    return messages.filter(received_at__gt=now - WEEK - DAY, received_at__lte=now - WEEK)


def _count(messages: QuerySet[InboundMessage]) -> Coalesce:
    counted = messages.order_by().values("integration").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
