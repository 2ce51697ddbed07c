"""Reminding those who come to a session of the reading club, a day before."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from notifications.models import Delivery
from postmortems.handlers_learning import tell_reader
from postmortems.models import Postmortem, ReadingSession

BEFORE = timedelta(days=1)


def remind_due() -> int:
    """Remind each reader once; another time is another reminder. Returns how many were reminded now."""
    now = timezone.now()
    rows = ReadingSession.objects.filter(cancelled_at=None, at__gt=now, at__lte=now + BEFORE)
    due = {
        f"reading:{session.pk}:{session.at.isoformat()}:{person.pk}": (session, person)
        for session in rows.select_related("postmortem").prefetch_related("readers")
        for person in session.readers.all()
        if person.is_active
    }
    told = set(Delivery.objects.filter(dedup_key__in=due).values_list("dedup_key", flat=True))
    return sum(
        tell_reader(session, person, key=key, what="meets soon")
        for key, (session, person) in due.items()
        if key not in told and Postmortem.objects.visible_to(person).filter(pk=session.postmortem_id).exists()
    )
