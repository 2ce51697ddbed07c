"""Signs of life: when something last happened, how long the oldest work has been overdue, and whether all is well.

`settings.OVERDUE` names, by kind, functions that return a queryset of rows with a `next_at`: the work that waits.
Higher rooms have theirs named there too.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from notifications import http
from notifications.models import Delivery, InboundMessage, Reaction, SignOfLife

NEVER = float("inf")
WELL = 30.0  # seconds that the oldest work may be overdue, and the sweeper away, while all is well


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


def reactions_waiting() -> QuerySet[Reaction]:
    return Reaction.objects.filter(done_at=None)


def deliveries_waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Delivery.State.WAITING)


def messages_waiting() -> QuerySet[InboundMessage]:
    return InboundMessage.objects.filter(state=InboundMessage.State.WAITING)


def overdue() -> dict[str, float]:
    """By kind of work, the seconds that the oldest row has been overdue; 0 where nothing waits."""
    waiting = {kind: import_string(path)() for kind, path in import_string(settings.OVERDUE).items()}
    oldest = {kind: rows.aggregate(oldest=Min("next_at"))["oldest"] for kind, rows in waiting.items()}
    now = timezone.now()
    return {kind: max(0.0, (now - moment).total_seconds()) if moment else 0.0 for kind, moment in oldest.items()}


def overdue_age() -> float:
    """Seconds that the oldest due work of any kind has been waiting; 0 where nothing waits."""
    return max(overdue().values(), default=0.0)


def complaints() -> list[str]:
    """Why not all is well, in sentences; empty while it is."""
    late = [f"{kind}: the oldest is {age:.0f} s overdue" for kind, age in overdue().items() if age >= WELL]
    away = sweeper_age()
    return late if away < WELL else [*late, f"the sweeper has been away for {away:.0f} s"]


def call_deadman() -> bool:
    """Call the outside dead-man URL, only while all is well and the database can be written: its silence is the alarm.

    Returns whether it was called.
    """
    if not settings.ANDON_DEADMAN_URL or complaints():
        return False
    beat("deadman")  # fails where the database has become read-only, and then nobody is called
    with http.Client(allow_private=True) as client:
        client.get(settings.ANDON_DEADMAN_URL)
    return True
