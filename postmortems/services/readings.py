"""Reading what others learned, and asking to hear of it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications.errors import InvalidInput
from oncall.models import Person, Service, Team
from postmortems.models import Factor, Postmortem, Reading, Subscription
from postmortems.services.common import choice

SAME_READING = timedelta(hours=1)
"""Opened again so soon, it is the same reading."""


@transaction.atomic
def note_reading(*, postmortem: Postmortem, by: Person) -> Reading | None:
    """Keep that somebody opened a published post-mortem; None for one that is not published."""
    if postmortem.status != Postmortem.Status.PUBLISHED:
        return None
    reading, _ = Reading.objects.get_or_create(postmortem=postmortem, person=by)
    now = timezone.now()
    if now - reading.last_at > SAME_READING:
        reading.last_at = now
        reading.save(update_fields=["last_at"])
    return reading


@transaction.atomic
def subscribe(
    *,
    by: Person,
    cadence: str = Subscription.Cadence.WEEKLY,
    service: Service | None = None,
    team: Team | None = None,
    factor: Factor | None = None,
) -> Subscription:
    """Hear of what is published about this service, team and factor, as far as they are named; of all where none is.

    Asked for again, it takes the new cadence. Raises `InvalidInput` for a cadence that is not `each` or `weekly`.
    """
    if not by.is_active:
        raise InvalidInput(person=f"{by} is no longer active.")
    subscription, _ = Subscription.objects.update_or_create(
        person=by,
        service=service,
        team=team,
        factor=factor,
        defaults={"cadence": choice("cadence", cadence, Subscription.Cadence.values)},
    )
    return subscription


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> None:
    """Hear no more of it."""
    subscription.delete()
