"""Final shifts as iCalendar (RFC 5545, RFC 7986), made with the `icalendar` library.

Each stored shift is one event: people who are on duty together have one each, so that everybody finds their own name.
What a calendar program needs in order to follow a change:

- `UID` is the seat, the person and the start. A shift whose end moves keeps it, and so does one whose row is made anew.
- `DTSTAMP` and `LAST-MODIFIED` are when the shift was made or its end last moved, `SEQUENCE` the same in seconds: it
  never goes back, also not when a shift is taken away and comes again.
- The same shifts make the same text, whenever and wherever it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vDuration
from icalendar.enums import TRANSP

from notifications.links import absolute
from oncall.models import Shift

PROGRAM = "-//Andon//On call//EN"
LOOK_AGAIN = timedelta(minutes=30)
SEQUENCES_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
ALARM = re.compile(r"(?P<number>\d{1,5})(?P<unit>[mhd]?)")
UNITS = {"": timedelta(minutes=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
EARLIEST_ALARM = timedelta(days=14)
MOST_ALARMS = 5


def calendar(name: str, shifts: Iterable[Shift], alarms: Sequence[timedelta] = ()) -> bytes:
    """A calendar of these shifts, fetched with their person, seat and schedule; an alarm so long before each begins."""
    made = Calendar.new(name=name, prodid=PROGRAM, calscale="GREGORIAN", uid=_named(sha256(name.encode()).hexdigest()))
    made.add("REFRESH-INTERVAL", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))
    for shift in shifts:
        made.add_component(_event(shift, alarms))
    return made.to_ical()


def version_of(name: str, shifts: Iterable[Shift], alarms: Sequence[timedelta]) -> str:
    """What changes whenever the text of `calendar` would, for the `ETag`, and takes a tenth of the time."""
    seen = [
        (_uid(shift), str(shift.during), _title(shift), shift.changed_at.isoformat(), shift.seat.schedule.slug)
        for shift in shifts
    ]
    return sha256(repr((absolute("/"), name, list(alarms), seen)).encode()).hexdigest()[:32]


def read_alarms(given: Sequence[str]) -> list[timedelta]:
    """How long before a shift to ring: `15` or `15m` minutes, `2h`, `1d`. Raises ValueError."""
    if len(given) > MOST_ALARMS:
        raise ValueError(f"{len(given)} alarms are asked for; use {MOST_ALARMS} at most.")
    return [_read_alarm(text.strip().lower()) for text in given if text.strip()]


def _read_alarm(text: str) -> timedelta:
    match = ALARM.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text[:40]}” is not a time before a shift; write minutes, hours or days: 15m, 2h, 1d.")
    before = int(match["number"]) * UNITS[match["unit"]]
    if before > EARLIEST_ALARM:
        raise ValueError(f"“{text}” is too long before a shift; use {EARLIEST_ALARM.days}d at most.")
    return before


def _event(shift: Shift, alarms: Sequence[timedelta]) -> Event:
    event = Event.new(
        uid=_uid(shift),
        summary=_title(shift),
        start=shift.during.lower.astimezone(UTC),
        end=shift.during.upper.astimezone(UTC),
        stamp=shift.changed_at,
        last_modified=shift.changed_at,
        sequence=int((shift.changed_at - SEQUENCES_SINCE).total_seconds()),
        categories=[shift.seat.name],
        transparency=TRANSP.TRANSPARENT,  # on call is not busy
        url=absolute(f"/schedules/{shift.seat.schedule.slug}/"),
    )
    for before in alarms:
        event.add_component(_alarm(shift, before))
    return event


def _alarm(shift: Shift, before: timedelta) -> Alarm:
    alarm = Alarm.new(description=_title(shift))
    alarm.add("ACTION", "DISPLAY")
    alarm.TRIGGER = -before
    return alarm


def _uid(shift: Shift) -> str:
    start = shift.during.lower.astimezone(UTC)
    return _named(f"{shift.seat_id}-{shift.person_id}-{start:%Y%m%dT%H%M%SZ}")


def _named(identity: str) -> str:
    return f"{identity}@{urlsplit(settings.ANDON_BASE_URL).hostname}"


def _title(shift: Shift) -> str:
    return f"{shift.person}: {shift.seat.name} on {shift.seat.schedule}"
