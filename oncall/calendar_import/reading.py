"""From text to the events of a calendar, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.error import InvalidCalendar
from icalendar.prop import vRecur

from oncall.calendar_import import zones
from oncall.calendar_import.refusal import CalendarRefused
from oncall.definition import values
from oncall.definition.values import YEARS
from oncall.rotas.walltime import DAY

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
ONCE = ("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE")
TIMED = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")


@dataclass(frozen=True)
class Entry:
    """One VEVENT. `start` and `end` as the calendar has them: dates, times of a zone, or floating times."""

    event: Event
    label: str
    start: date
    end: date
    recurs: bool
    rule: vRecur  # of one that recurs

    @property
    def cancelled(self) -> bool:
        return text_of(self.event, "STATUS").upper() == "CANCELLED"


@dataclass(frozen=True)
class Source:
    """A calendar that can be read. Times without a zone are meant in `zone`."""

    calendar: Calendar
    entries: list[Entry]
    zone: ZoneInfo
    left_out: list[str]


def read(text: str, zone: ZoneInfo) -> Source:
    """The calendar in `text`; times without a zone are of X-WR-TIMEZONE, else of `zone`. Raises CalendarRefused."""
    size = len(text.encode())
    if size > MOST_BYTES:
        raise CalendarRefused("text", [f"The file has {size / 1e6:.1f} MB; use 1 MB at most, such as fewer months."])
    events = text.upper().count("BEGIN:VEVENT")
    if events > MOST_EVENTS:
        raise CalendarRefused("text", [f"The file has {events} events; use {MOST_EVENTS} at most."])
    if trapped := list(zones.complaints(text)):
        raise CalendarRefused("text", trapped)
    calendar = _parsed(text)
    problems: list[str] = []
    left_out: list[str] = []
    own = _zone_of(calendar, zone, left_out)
    entries = [entry for event in calendar.events if (entry := _entry(event, problems, left_out))]
    if problems:
        raise CalendarRefused("text", problems)
    if not entries:
        raise CalendarRefused("text", ["There is no event in this calendar; export one that has shifts."])
    return Source(calendar, entries, own, left_out)


def _parsed(text: str) -> Calendar:
    try:
        found = Calendar.from_ical(text.lstrip("\ufeff"), multiple=True)
        calendars = [one for one in found if isinstance(one, Calendar)]
        for calendar in calendars:
            calendar.walk()
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise CalendarRefused("text", [f"This is not iCalendar: {_short(error)}"]) from error
    except RecursionError as error:
        raise CalendarRefused("text", ["This is not iCalendar: its parts are nested too deep."]) from error
    if len(calendars) != 1:
        count = f"{len(calendars)} calendars are" if calendars else "No calendar is"
        raise CalendarRefused("text", [f"{count} in this file; give one, from BEGIN:VCALENDAR to END:VCALENDAR."])
    return calendars[0]


def _entry(event: Event, problems: list[str], left_out: list[str]) -> Entry | None:
    label = _label(event)
    if wrong := list(_wrong(event)):
        problems += [f"{label}: {sentence}" for sentence in wrong]
        return None
    try:
        start, end = event.start, event.end
    except InvalidCalendar as error:
        problems.append(f"{label}: {_short(error)}")
        return None
    if type(start) is not type(end) or _naive(start) != _naive(end):
        problems.append(f"{label}: its start and its end are not of one kind; give both with a time and a zone.")
        return None
    if end < start or not {start.year, end.year} <= set(YEARS):
        problems.append(f"{label}: it lasts from {start} until {end}; that cannot be a shift.")
        return None
    if end == start:
        left_out.append(f"{label}: it lasts no time.")
        silence(event)
        return None
    rules = event.rrules
    return Entry(event, label, start, end, bool(rules), rules[0] if rules else vRecur())


def _wrong(event: Event) -> Iterator[str]:
    yield from (f"{name}: {_short(words)}" for name, words in event.errors)
    if event.errors:
        return
    if "DTSTART" not in event:
        yield "it has no DTSTART, so nobody knows when it begins."
    for name in ONCE:
        if isinstance(found := event.get(name), list):
            yield f"it has {len(found)} {name}s; give one."
            return
    for name in TIMED:
        found = event.get(name, [])
        for value in found if isinstance(found, list) else [found]:
            zone = value.params.get("TZID")
            moments = [one.dt for one in value.dts] if hasattr(value, "dts") else [value.dt]
            if zone and any(isinstance(moment, datetime) and moment.tzinfo is None for moment in moments):
                yield f"{name} is in “{zone}”, which is no known time zone, and the file does not describe it."


def _label(event: Event) -> str:
    words = text_of(event, "SUMMARY")[:60] or text_of(event, "UID")[:60] or "an event"
    start = getattr(event.get("DTSTART"), "dt", None) if not event.errors else None
    return f"“{words}” of {start:%Y-%m-%d}" if start else f"“{words}”"


def silence(event: Event) -> None:
    """Have an event that is left out repeat no more, so that nobody has to follow its rule."""
    for name in ("RRULE", "RDATE"):
        event.pop(name, None)


def text_of(event: Event, name: str) -> str:
    """A property as one line of text; the first where it is written several times, empty where it is not."""
    found = event.get(name, "")
    return " ".join(str(found[0] if isinstance(found, list) else found).split())


def _zone_of(calendar: Calendar, otherwise: ZoneInfo, left_out: list[str]) -> ZoneInfo:
    """The zone of times without one. A name that is none is said, and taken out of the library's way."""
    if "X-WR-TIMEZONE" not in calendar:
        return otherwise
    try:
        return values.zone(str(calendar["X-WR-TIMEZONE"]))
    except ValueError as error:
        left_out.append(f"X-WR-TIMEZONE: {error} Times without a zone are meant in {otherwise.key}.")
        del calendar["X-WR-TIMEZONE"]
        return otherwise


def _naive(moment: date) -> bool:
    return not isinstance(moment, datetime) or moment.tzinfo is None


def _short(error: object) -> str:
    words = " ".join(str(error).split())
    return words if len(words) <= 160 else f"{words[:159]}…"


def length_of(entry: Entry) -> timedelta:
    """How long it lasts on the wall clock; whole days for dates."""
    if isinstance(entry.start, datetime) and isinstance(entry.end, datetime):
        return entry.end.replace(tzinfo=None) - entry.start.astimezone(entry.end.tzinfo).replace(tzinfo=None)
    return (entry.end - entry.start) // DAY * DAY
