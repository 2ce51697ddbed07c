"""Meetings as people get them: a calendar entry by e-mail, and for those without one, words by their own method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from notifications import deliveries
from notifications.links import absolute
from notifications.models import ContactMethod, Delivery
from oncall.models import Person
from oncall.paging.reach import methods_of
from oncall.tell import tell_person
from oncall.zones import zone_or_utc
from postmortems.facilitating import invitation
from postmortems.facilitating.agenda import as_text
from postmortems.facilitating.open_questions import agenda_of
from postmortems.models import Postmortem
from postmortems.sight import who_see

NEUTRAL = "A meeting that you were invited to"


def people(postmortem: Postmortem) -> list[Person]:
    """Who comes: the facilitator and those invited, as far as they are active and may see it."""
    come = Q(invitations__postmortem=postmortem) | Q(pk=postmortem.facilitator_id)
    found = who_see(Person.objects.filter(come), postmortem).distinct().prefetch_related("contact_methods")
    return sorted(found, key=lambda one: (one.pk != postmortem.facilitator_id, one.name, one.pk))


def may_see(postmortem: Postmortem, person: Person) -> bool:
    return Postmortem.objects.visible_to(person).filter(pk=postmortem.pk).exists()


def as_ics(postmortem: Postmortem) -> str:
    """The entry to download. Needs a meeting that stands."""
    return invitation.request(_meeting(postmortem))


def send(postmortem: Postmortem, to: Iterable[Person]) -> None:
    """The meeting as it stands, once for each person and change of it."""
    meeting = _meeting(postmortem)
    calendar = {"method": "REQUEST", "text": invitation.request(meeting)}
    for person in to:
        when = f"{meeting.at.astimezone(zone_or_utc(person.timezone)):%a %-d %B %Y, %H:%M} ({person.timezone})"
        where = f" Where: {meeting.place}." if meeting.place else ""
        _tell(
            person,
            postmortem,
            key=f"meeting:{postmortem.number}:{meeting.sequence}:{person.pk}",
            subject=f"Invitation: {meeting.summary}",
            text=f"{when}, {meeting.minutes} minutes.{where}",
            calendar=calendar,
        )


def call_off(postmortem: Postmortem, whom: Sequence[Person], was: datetime, sequence: int) -> None:
    """It does not take place."""
    meeting = _meeting(postmortem, at=was, sequence=sequence)
    entry = invitation.cancellation(meeting, meeting.attendees, entirely=True)
    for person in whom:
        _tell(
            person,
            postmortem,
            key=f"meeting:{postmortem.number}:{sequence}:{person.pk}:off",
            subject=f"Called off: {meeting.summary}",
            text="The meeting does not take place.",
            calendar={"method": "CANCEL", "text": entry},
        )


def leave_out(postmortem: Postmortem, whom: Iterable[Person], sequence: int) -> None:
    """It takes place without them. Whoever may not see the post-mortem any more reads nothing of it here either."""
    for person in whom:
        seen = may_see(postmortem, person)
        meeting = _meeting(postmortem, sequence=sequence) if seen else _bare(postmortem, sequence)
        entry = invitation.cancellation(meeting, [_attendee(person)], entirely=False)
        _tell(
            person,
            postmortem if seen else None,
            key=f"meeting:{postmortem.number}:{sequence}:{person.pk}:out",
            subject=f"No longer needed: {meeting.summary}",
            text="You are not expected at this meeting any more.",
            calendar={"method": "CANCEL", "text": entry},
        )


def remind(postmortem: Postmortem, person: Person) -> bool:
    """The day before; once for each time of the meeting."""
    at = _at(postmortem)
    return tell_person(
        person,
        key=f"meeting:{postmortem.number}:{at.astimezone(UTC):%Y%m%dT%H%M}:{person.pk}:before",
        about=f"postmortem:{postmortem.number}",
        subject=f"{at.astimezone(zone_or_utc(person.timezone)):%A %H:%M}: {postmortem.title}",
        text="You meet about this post-mortem. The agenda and what is written so far are there.",
        url=f"{postmortem.get_absolute_url()}facilitation/",
    )


def address_of(person: Person) -> tuple[str, ContactMethod | None]:
    """Where their calendar gets mail: a verified e-mail method, else, for those whom nothing reaches, their account's
    address; empty for those who chose to be told in other ways."""
    methods = methods_of(person)
    mail = next((one for one in methods if one.kind == ContactMethod.Kind.EMAIL), None)
    return (mail.address, mail) if mail else ("" if methods else person.email, None)


def _tell(
    person: Person, postmortem: Postmortem | None, *, key: str, subject: str, text: str, calendar: dict[str, str]
) -> None:
    about = f"postmortem:{postmortem.number}" if postmortem else "meeting"
    path = f"{postmortem.get_absolute_url()}facilitation/" if postmortem else "/"
    address, method = address_of(person)
    if not address:
        tell_person(person, key=key, about=about, subject=subject, text=text, url=path)
        return
    message: dict[str, Any] = {"kind": "notice", "subject": subject, "text": text, "url": absolute(path)}
    deliveries.enqueue(
        dedup_key=key,
        about=about,
        channel=ContactMethod.Kind.EMAIL,
        address=address,
        message=message | {"calendar": calendar},
        queue=Delivery.Queue.DEFAULT,
        method=method,
    )


def _meeting(postmortem: Postmortem, *, at: datetime | None = None, sequence: int | None = None) -> invitation.Meeting:
    leads = postmortem.facilitator
    facilitator = _attendee(leads) if leads and leads.is_active else None
    link = absolute(postmortem.get_absolute_url())
    points = as_text(agenda_of(postmortem))
    return invitation.Meeting(
        uid=_uid(postmortem),
        sequence=postmortem.meeting_sequence if sequence is None else sequence,
        summary=f"Post-mortem: {postmortem.title}",
        at=at or _at(postmortem),
        minutes=postmortem.meeting_minutes,
        stamp=timezone.now(),
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        facilitator=facilitator,
        attendees=[_attendee(person) for person in people(postmortem)],
        place=postmortem.meeting_place,
        description=f"{link}\n\n{points}".strip(),
        url=link,
    )


def _bare(postmortem: Postmortem, sequence: int) -> invitation.Meeting:
    """What finds the entry in a calendar, and no more."""
    return invitation.Meeting(
        uid=_uid(postmortem),
        sequence=sequence,
        summary=NEUTRAL,
        at=_at(postmortem),
        minutes=postmortem.meeting_minutes,
        stamp=timezone.now(),
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    )


def _at(postmortem: Postmortem) -> datetime:
    if postmortem.meeting_at is None:
        raise ValueError(f"post-mortem {postmortem.number} has no meeting")
    return postmortem.meeting_at


def _attendee(person: Person) -> invitation.Attendee:
    return invitation.Attendee(str(person), address_of(person)[0] or person.email)


def _uid(postmortem: Postmortem) -> str:
    return f"postmortem-{postmortem.number}@{urlsplit(settings.ANDON_BASE_URL).hostname}"
