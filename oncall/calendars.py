"""Where calendars are: addresses that carry a signed key, because calendar programs cannot sign in.

A key stands for a person and a version. Who resets it takes a step to the next version, and every address given out
before is refused at once.
"""

from __future__ import annotations

from django.core import signing

from notifications.links import absolute
from oncall.models import Person, Schedule

SALT = "oncall.calendar"


def key_of(person: Person) -> str:
    """What stands for a person in the address of a calendar."""
    version = f":{person.calendar_version}" if person.calendar_version else ""  # the first had none
    return signing.Signer(salt=SALT).sign(f"{person.pk}{version}")


def reader_of(key: str) -> Person | None:
    """The active person a key stands for; nobody for one that was reset."""
    try:
        pk, _, version = signing.Signer(salt=SALT).unsign(key).partition(":")
        return Person.objects.active().filter(pk=int(pk), calendar_version=int(version or 0)).first()
    except (signing.BadSignature, ValueError):
        return None


def person_calendar(person: Person) -> str:
    """Where this person's own shifts are."""
    return absolute(f"/api/v1/people/me.ics?key={key_of(person)}")


def schedule_calendar(schedule: Schedule, reader: Person) -> str:
    """Where a schedule's shifts are, for this reader."""
    return absolute(f"/api/v1/schedules/{schedule.slug}.ics?key={key_of(reader)}")
