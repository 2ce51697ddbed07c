"""What time brings: a meeting is tomorrow, or the due date has passed. Swept by config/upkeep.py, told once each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from notifications.models import Delivery
from oncall.models import Person
from oncall.tell import tell_person
from postmortems.facilitating import meetings
from postmortems.models import Postmortem

BEFORE = timedelta(days=1)
AGAIN = timedelta(weeks=1)


def remind_of_meetings() -> int:
    """Remind those who come, a day before; not those who were told of this time within that day. Returns how many."""
    now = timezone.now()
    soon = Postmortem.objects.filter(meeting_at__gt=now, meeting_at__lte=now + BEFORE).select_related("facilitator")
    return sum(meetings.remind(one, person) for one in soon for person in _unaware(one, now))


def remind_of_due() -> int:
    """Tell facilitators once that the due date has passed, then every week until it is published. Returns how many.

    Where nobody facilitates who still could, whoever opened it is asked to name somebody.
    """
    now = timezone.now()
    late = Postmortem.objects.exclude(status=Postmortem.Status.PUBLISHED).filter(due_at__lt=now, imported_at=None)
    keys = {_key(one, now): one for one in late.select_related("facilitator", "opened_by")}
    told = set(Delivery.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True))
    return sum(_remind(one, key, now) for key, one in keys.items() if key not in told)


def _unaware(postmortem: Postmortem, now: datetime) -> list[Person]:
    """Those who were not told of this meeting, or reminded of it, since a day before it begins."""
    start = f"meeting:{postmortem.number}:"
    at = postmortem.meeting_at or now
    recent = Delivery.objects.filter(dedup_key__startswith=start, created_at__gte=at - BEFORE)
    told = {int(key.split(":")[3]) for key in recent.values_list("dedup_key", flat=True)}
    return [person for person in meetings.people(postmortem) if person.pk not in told]


def _key(postmortem: Postmortem, now: datetime) -> str:
    """One for each week that has begun since it was due; another date begins anew."""
    due = postmortem.due_at or now
    return f"postmortem:{postmortem.number}:due:{due:%Y%m%dT%H%M}:{(now - due) // AGAIN}"


def _remind(postmortem: Postmortem, key: str, now: datetime) -> bool:
    person = _concerned(postmortem)
    if person is None:
        return False
    leads = person == postmortem.facilitator
    return tell_person(
        person,
        key=key,
        about=f"postmortem:{postmortem.number}",
        subject=f"Overdue: {postmortem.title}",
        text=f"It was due on {postmortem.due_at:%-d %B %Y}. " + (_advice(postmortem, now) if leads else _NOBODY),
        url=f"{postmortem.get_absolute_url()}facilitation/",
    )


_NOBODY = "Nobody facilitates it: name somebody, they are suggested there."


def _advice(postmortem: Postmortem, now: datetime) -> str:
    if postmortem.meeting_at is None:
        return "No meeting is set: find a time while people still remember."
    if postmortem.meeting_at > now:
        return f"The meeting is on {postmortem.meeting_at:%-d %B %Y}."
    return "You have met: what does publishing still wait for? It stands under Review."


def _concerned(postmortem: Postmortem) -> Person | None:
    """The facilitator, else who opened it: whoever of them is active and may see it."""
    for person in (postmortem.facilitator, postmortem.opened_by):
        if person and person.is_active and person.is_responder and meetings.may_see(postmortem, person):
            return person
    return None
