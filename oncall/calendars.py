"""Final shifts as iCalendar (RFC 5545), at addresses that carry a signed key: calendar programs cannot sign in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

from notifications.links import absolute
from oncall.models import Person, Schedule, Shift

SALT = "oncall.calendar"
LONGEST_LINE = 73  # octets of text; the rest of the 75 are for the fold


def key_of(person: Person) -> str:
    """What stands for a person in the address of a calendar."""
    return signing.Signer(salt=SALT).sign(str(person.pk))


def reader_of(key: str) -> Person | None:
    """The active person a key stands for."""
    try:
        return Person.objects.active().filter(pk=int(signing.Signer(salt=SALT).unsign(key))).first()
    except (signing.BadSignature, ValueError):
        return None


def person_calendar(person: Person) -> str:
    """Where this person's own shifts are."""
    return absolute(f"/api/v1/people/me.ics?key={key_of(person)}")


def schedule_calendar(schedule: Schedule, reader: Person) -> str:
    """Where a schedule's shifts are, for this reader."""
    return absolute(f"/api/v1/schedules/{schedule.slug}.ics?key={key_of(reader)}")


def calendar(name: str, shifts: Iterable[Shift], now: datetime) -> str:
    """One event for each shift; lines end in CRLF and are folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Andon//On call//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for shift in shifts for line in _event(shift, now)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(shift: Shift, now: datetime) -> list[str]:
    schedule = shift.seat.schedule
    return [
        "BEGIN:VEVENT",
        f"UID:{shift.seat_id}-{shift.person_id}-{_instant(shift.during.lower)}@{urlsplit(settings.ANDON_BASE_URL).hostname}",
        f"DTSTAMP:{_instant(now)}",
        f"DTSTART:{_instant(shift.during.lower)}",
        f"DTEND:{_instant(shift.during.upper)}",
        f"SUMMARY:{_text(f'{shift.person}: {shift.seat.name} on {schedule}')}",
        f"URL:{absolute(f'/schedules/{schedule.slug}/')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Cut between characters, never within one."""
    rows, row = [], ""
    for character in line:
        if len((row + character).encode()) > LONGEST_LINE:
            rows.append(row)
            row = ""
        row += character
    return "\r\n ".join([*rows, row])
