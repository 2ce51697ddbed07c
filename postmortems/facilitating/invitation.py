"""A meeting as iCalendar (RFC 5545), to be sent as RFC 5546 (iTIP) says. Pure.

`UID` stays for the life of the post-mortem and `SEQUENCE` rises with every change, so that a calendar finds the entry
that it has. Who is no longer invited gets a CANCEL that names them alone and leaves the entry of the others as it is,
which RFC 5546, 3.2.5 asks for by leaving `STATUS` out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CUTYPE, PARTSTAT, ROLE

PROGRAM = "-//Andon//Post-mortems//EN"


@dataclass(frozen=True)
class Attendee:
    """Somebody who is invited."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """One meeting. `sender`: the address that invitations come from; `facilitator` organises it where there is one."""

    uid: str
    sequence: int
    summary: str
    at: datetime
    minutes: int
    stamp: datetime
    sender: str
    facilitator: Attendee | None = None
    attendees: Sequence[Attendee] = ()
    place: str = ""
    description: str = ""
    url: str = ""


def request(meeting: Meeting) -> str:
    """The invitation, with everybody who is invited."""
    event = _event(meeting, meeting.attendees)
    event.add("STATUS", "CONFIRMED")
    return _calendar("REQUEST", event)


def cancellation(meeting: Meeting, whom: Sequence[Attendee], *, entirely: bool) -> str:
    """That it does not take place (`entirely`), or that it does without those named in `whom`."""
    event = _event(meeting, whom)
    if entirely:
        event.add("STATUS", "CANCELLED")
    return _calendar("CANCEL", event)


def _calendar(method: str, event: Event) -> str:
    made = Calendar()
    for name, value in (("PRODID", PROGRAM), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", method)):
        made.add(name, value)
    made.add_component(event)
    text: str = made.to_ical().decode()
    return text


def _event(meeting: Meeting, attendees: Sequence[Attendee]) -> Event:
    event = Event.new(
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamp=meeting.stamp.astimezone(UTC),
        start=meeting.at.astimezone(UTC),
        end=meeting.at.astimezone(UTC) + timedelta(minutes=meeting.minutes),
        summary=meeting.summary,
        organizer=_organizer(meeting),
        attendees=[_attendee(one, meeting.facilitator) for one in attendees],
    )
    for name, value in (("LOCATION", meeting.place), ("DESCRIPTION", meeting.description), ("URL", meeting.url)):
        if value:
            event.add(name, value)
    return event


def _organizer(meeting: Meeting) -> vCalAddress:
    """The facilitator, for whom Andon sends it; Andon itself while nobody facilitates."""
    if meeting.facilitator is None:
        return vCalAddress.new(meeting.sender, cn="Andon")
    who = meeting.facilitator
    return vCalAddress.new(who.email, cn=who.name, sent_by=f"mailto:{meeting.sender}")


def _attendee(one: Attendee, facilitator: Attendee | None) -> vCalAddress:
    leads = facilitator is not None and one.email == facilitator.email
    return vCalAddress.new(
        one.email,
        cn=one.name,
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.CHAIR if leads else ROLE.REQ_PARTICIPANT,
        partstat=PARTSTAT.ACCEPTED if leads else PARTSTAT.NEEDS_ACTION,
        rsvp=not leads,
    )
