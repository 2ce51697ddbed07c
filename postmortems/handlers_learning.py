"""Telling people of what there is to learn (see config/reactions.py). Nobody hears of what they may not see."""

from __future__ import annotations

from django.utils import timezone

from notifications.models import Event
from oncall.models import Person
from oncall.tell import tell_person
from oncall.zones import zone_or_utc
from postmortems import subscribers
from postmortems.models import Postmortem, ReadingSession, Subscription


def tell_subscribers(event: Event) -> None:
    """Tell those who want to hear of each post-mortem that one was published, the first time it is."""
    postmortem = Postmortem.objects.get(number=event.payload["postmortem"])
    wanted = subscribers.of(postmortem).filter(cadence=Subscription.Cadence.EACH)
    for person in Person.objects.filter(pk__in=wanted.values("person")):
        if not _sees(person, postmortem):
            continue
        tell_person(
            person,
            key=f"published:{postmortem.number}:{person.pk}",
            about=f"postmortem:{postmortem.number}",
            subject=f"Published: {postmortem.title}",
            text="A post-mortem that you asked to hear of can be read now.",
            url=postmortem.get_absolute_url(),
        )


def tell_of_session(event: Event) -> None:
    """Tell those who come that a session of the reading club was moved or cancelled."""
    session = ReadingSession.objects.select_related("postmortem").get(pk=event.payload["session"])
    what = "was cancelled" if event.type == "reading.cancelled" else "has another time or place"
    for person in session.readers.filter(is_active=True):
        if _sees(person, session.postmortem):
            tell_reader(session, person, key=f"reading:{session.pk}:{event.pk}:{person.pk}", what=what)


def tell_reader(session: ReadingSession, person: Person, *, key: str, what: str) -> bool:
    """One reader of one session; `what` happened to it, or will."""
    when = timezone.localtime(session.at, zone_or_utc(person.timezone))
    return tell_person(
        person,
        key=key,
        about=f"postmortem:{session.postmortem.number}",
        subject=f"The reading club {what}: {session.postmortem}",
        text=f"{when:%A, %-d %B, %H:%M} ({when.tzname()})" + (f", {session.place}" if session.place else ""),
        url=f"/reading-club/{session.pk}/",
    )


def _sees(person: Person, postmortem: Postmortem) -> bool:
    return Postmortem.objects.visible_to(person).filter(pk=postmortem.pk).exists()
