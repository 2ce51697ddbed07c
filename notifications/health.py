"""Signs of life: when the sweeper last ran, and how long the oldest work has been overdue."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from notifications import http
from notifications.models import Delivery, InboundMessage, Reaction, SignOfLife

NEVER = float("inf")
WELL = 30.0  # seconds that the oldest work may be overdue while all is well


def beat(name: str) -> None:
    """Note that something that must keep happening has happened."""
    SignOfLife.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def age(name: str) -> float:
    """Seconds since it last happened; infinite if it never did."""
    last = SignOfLife.objects.filter(name=name).first()
    return (timezone.now() - last.at).total_seconds() if last else NEVER


def sweeper_age() -> float:
    """Seconds since the sweeper last finished."""
    return age("sweep")


def overdue_age() -> float:
    """Seconds that the oldest due reaction, delivery or inbound message has been waiting; 0 where nothing waits."""
    waiting = [
        Reaction.objects.filter(done_at=None),
        Delivery.objects.filter(state=Delivery.State.WAITING),
        InboundMessage.objects.filter(state=InboundMessage.State.WAITING),
    ]
    oldest = [queryset.aggregate(oldest=Min("next_at"))["oldest"] for queryset in waiting]
    due = [(timezone.now() - moment).total_seconds() for moment in oldest if moment]
    return max([0.0, *due])


def call_deadman() -> None:
    """Call the outside dead-man URL, only while all is well: its silence is the alarm."""
    if settings.ANDON_DEADMAN_URL and overdue_age() < WELL:
        with http.Client(allow_private=True) as client:
            client.get(settings.ANDON_DEADMAN_URL)
