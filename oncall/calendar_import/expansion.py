"""A calendar as overrides: every occurrence from now until an end, those that overlap joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar.prop import vText

from oncall.calendar_import import rules
from oncall.calendar_import.reading import Entry, Source, silence, text_of
from oncall.calendar_import.refusal import CalendarRefused
from oncall.calendar_import.types import Span, disjoint
from oncall.rotas.schedule import Override
from oncall.rotas.walltime import first_instant

FARTHEST = timedelta(days=3 * 366)
MOST_OVERRIDES = 5_000
MOST_OCCURRENCES = 12_000
MOST_STEPS = 300_000  # of all rules together, from where each begins

ENTRY = "X-ANDON-ENTRY"  # says of an occurrence which event it is of

Who = Mapping[int, tuple[str, ...]]  # by position of the entry


def overrides_of(source: Source, who: Who, now: datetime, until: datetime | None) -> tuple[Override, ...]:
    """Everything on duty from `now` on. Raises CalendarRefused for rules without an end where `until` gives none."""
    end = until or now + FARTHEST
    for position, entry in enumerate(source.entries):
        if not who[position]:
            silence(entry.event)
    meant = [entry for position, entry in enumerate(source.entries) if who[position]]
    if problems := list(_problems(meant, now, end, bounded=until is not None)):
        raise CalendarRefused("text", problems)
    found = disjoint(_spans(source, who, now, end))
    if len(found) > MOST_OVERRIDES:
        sentence = f"This makes {len(found)} overrides; {MOST_OVERRIDES} are taken at once: give an earlier `until`."
        raise CalendarRefused("text", [sentence])
    return tuple(Override(span.start, span.end, span.people) for span in found)


def _problems(entries: list[Entry], now: datetime, end: datetime, *, bounded: bool) -> Iterator[str]:
    recurring = [entry for entry in entries if entry.recurs]
    unable = [sentence for entry in recurring if (sentence := rules.complaint(entry))]
    yield from unable
    if unable:
        return
    if not bounded:
        yield from (sentence for entry in recurring if (sentence := _endless(entry, end)))
    if sum(rules.occurrences(entry, now, end) for entry in recurring) > MOST_OCCURRENCES:
        yield f"This makes more than {MOST_OCCURRENCES} shifts: give an earlier `until`, or import it as a layer."
    taken = sum(rules.steps(entry, end) for entry in recurring)
    if taken > MOST_STEPS:
        yield (
            f"The rules of this calendar take {taken:,.0f} steps to follow; {MOST_STEPS:,} are taken: give an earlier "
            "`until`, events that begin later, or simpler rules."
        )


def _endless(entry: Entry, end: datetime) -> str | None:
    rule = entry.rule
    last = rules.until(rule)
    if last is None and rules.count(rule) is None:
        return f"{entry.label} repeats for ever: import it as a layer, or give `until`."
    if last is not None and last.toordinal() > end.toordinal():
        return f"{entry.label} repeats until {last:%Y-%m-%d}, too far ahead: import it as a layer, or give `until`."
    return None


def _spans(source: Source, who: Who, now: datetime, end: datetime) -> Iterator[Span]:
    gone = _marked(source)
    try:
        for event in recurring_ical_events.of(source.calendar).between(now, end):
            if ENTRY not in event:  # it lasts no time
                continue
            position = int(event[ENTRY])
            begin, over = instant(event.start, source.zone), min(instant(event.end, source.zone), end)
            if who[position] and begin not in gone.get(position, ()) and begin < over and over > now:
                yield Span(begin, over, who[position])
    except (ValueError, OverflowError, recurring_ical_events.InvalidCalendar) as error:
        raise CalendarRefused("text", [f"A rule of this calendar cannot be followed: {error}"]) from error


def _marked(source: Source) -> dict[int, set[datetime]]:
    """Say on each event which it is; returns by position the starts to leave out of events that repeat by the hour.

    Two events that claim one UID are two all the same, unless one says what it replaces. The library takes an exception
    of an hourly rule for one of the whole day, so these are kept from it.
    """
    gone: dict[int, set[datetime]] = {}
    hourly: dict[str, int] = {}
    seen: set[str] = set()
    for position, entry in enumerate(source.entries):
        event, uid = entry.event, text_of(entry.event, "UID")
        event[ENTRY] = vText(str(position))
        if "RECURRENCE-ID" in event:
            continue
        if not uid or uid in seen:
            event["UID"] = vText(f"{uid}#{position}")
        elif entry.recurs and rules.frequency(entry.rule) == "HOURLY":
            hourly[uid] = position
            gone[position] = {instant(moment, source.zone) for moment in event.exdates}
            event.pop("EXDATE", None)
        seen.add(uid)
    for position, entry in enumerate(source.entries):
        uid = text_of(entry.event, "UID")
        if "RECURRENCE-ID" in entry.event and uid in hourly:
            gone[hourly[uid]].add(instant(entry.event.pop("RECURRENCE-ID").dt, source.zone))
            entry.event["UID"] = vText(f"{uid}#{position}")
    return gone


def instant(moment: date, zone: ZoneInfo) -> datetime:
    """A date, or a time with or without a zone, as an instant in UTC; what has no zone is of `zone`."""
    if not isinstance(moment, datetime):
        return first_instant(datetime.combine(moment, time()), zone)
    return moment.astimezone(UTC) if moment.tzinfo else first_instant(moment, zone)
