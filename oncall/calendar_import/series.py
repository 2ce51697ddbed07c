"""A calendar as layers: each recurring event is a rotation of one participant, a weekday each where it names several.

What its exceptions take away ends the layer there and begins it again after; what stands once in the calendar, or
replaces an occurrence, becomes an override that has everybody the calendar puts on duty at that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Parameters

from oncall.calendar_import import rules
from oncall.calendar_import.expansion import MOST_OVERRIDES, Who, instant
from oncall.calendar_import.reading import Entry, Source, length_of
from oncall.calendar_import.refusal import CalendarRefused
from oncall.calendar_import.turns import complaint, turns_of, wall_in
from oncall.calendar_import.types import Span, disjoint
from oncall.rotas.coverage import Interval, union
from oncall.rotas.layer import Layer
from oncall.rotas.rotation import Rotation
from oncall.rotas.schedule import Override, Seat, resolve
from oncall.rotas.walltime import first_instant, instant_of, wall_at

MOST_LAYERS = 100


def layers_of(
    source: Source, who: Who, now: datetime, until: datetime | None, priority: int
) -> tuple[tuple[Layer, ...], tuple[Override, ...]]:
    """The layers and overrides of a calendar, from `now` until `until`. Raises CalendarRefused."""
    recurring = [(entry, who[at]) for at, entry in enumerate(source.entries) if entry.recurs and who[at]]
    problems = [sentence for entry, _ in recurring if (sentence := _problem(entry))]
    for entry in source.entries:
        if "RECURRENCE-ID" in entry.event and "RANGE" in _parameters(entry):
            problems.append(f"{entry.label} replaces all that follows it: import it as overrides.")
    if problems:
        raise CalendarRefused("text", problems)
    layers = [
        layer
        for entry, people in recurring
        for layer in _layers(entry, source, people, until, priority)
        if layer.rotation.until is None or instant_of(layer.rotation.until, layer.rotation.zone) > now
    ]
    if len(layers) > MOST_LAYERS:
        sentence = f"This makes {len(layers)} layers; {MOST_LAYERS} are taken: import it as overrides, or fewer events."
        raise CalendarRefused("text", [sentence])
    return tuple(layers), _overrides(layers, list(_single(source, who, now, until)))


def _problem(entry: Entry) -> str | None:
    if sentence := rules.complaint(entry) or complaint(entry):
        return sentence
    zone = zone_of(entry, ZoneInfo("UTC"))
    if zone is None:
        return f"{entry.label} is in a zone that only the file knows; import it as overrides."
    return None


def _parameters(entry: Entry) -> Parameters:
    found: Parameters = entry.event["RECURRENCE-ID"].params
    return found


def zone_of(entry: Entry, otherwise: ZoneInfo) -> ZoneInfo | None:
    """The IANA zone of an event; `otherwise` for what has none; None for one that the file itself describes."""
    zone = entry.start.tzinfo if isinstance(entry.start, datetime) else None
    if zone is None:
        return otherwise
    if isinstance(zone, ZoneInfo):
        return zone
    return ZoneInfo("UTC") if str(zone).upper() in ("UTC", "Z") else None


def _layers(
    entry: Entry, source: Source, people: tuple[str, ...], until: datetime | None, priority: int
) -> Iterator[Layer]:
    zone = zone_of(entry, source.zone) or source.zone
    length = length_of(entry)
    gone = _taken_away(entry, source, zone)
    for turns in turns_of(entry, zone, until):
        for start, end in turns.unbroken(gone):
            duration = length if length < turns.shortest else None
            ends = None if end is None else end + length
            if ends and until:
                ends = min(ends, wall_at(until, zone))
            rotation = Rotation(turns.kind, start, zone, turns.every, duration, ends)
            yield Layer(rotation, (people,), priority)


def _taken_away(entry: Entry, source: Source, zone: ZoneInfo) -> set[datetime]:
    """The starts, by wall clock, of occurrences that are left out or replaced."""
    uid = entry.event.get("UID")
    replaced = [
        other.event.decoded("RECURRENCE-ID")
        for other in source.entries
        if "RECURRENCE-ID" in other.event and uid is not None and other.event.get("UID") == uid
    ]
    starts_at = wall_in(entry.start, zone).time()
    return {_at(moment, zone, starts_at) for moment in [*entry.event.exdates, *replaced]}


def _at(moment: date, zone: ZoneInfo, otherwise: time) -> datetime:
    """The wall time an exception means; one that names a day means the occurrence of that day."""
    return wall_in(moment, zone) if isinstance(moment, datetime) else datetime.combine(moment, otherwise)


def _single(source: Source, who: Who, now: datetime, until: datetime | None) -> Iterator[Span]:
    """What stands in the calendar once: events without a rule, and dates added to one with a rule."""
    for at, entry in enumerate(source.entries):
        if not who[at]:
            continue
        length = length_of(entry)
        added = [moment for moment, *_ in entry.event.rdates]
        for moment in [*([] if entry.recurs else [entry.start]), *added]:
            zone = zone_of(entry, source.zone) or source.zone
            start = instant(moment, source.zone)
            end = first_instant(wall_in(moment, zone) + length, zone)
            end = min(end, until) if until else end
            if end > now and start < end:
                yield Span(start, end, who[at])


def _overrides(layers: list[Layer], single: list[Span]) -> tuple[Override, ...]:
    """Overrides for what stands once. They beat layers, so that whoever a layer has on duty then is named too."""
    seat = Seat("imported", tuple(layers))
    whiles = union(Interval.of(span) for span in single)
    due = [Span(shift.start, shift.end, shift.people) for start, end in whiles for shift in resolve(seat, start, end)]
    found = disjoint([*single, *due])
    if len(found) > MOST_OVERRIDES:
        sentence = f"This makes {len(found)} overrides; {MOST_OVERRIDES} are taken at once: give an earlier `until`."
        raise CalendarRefused("text", [sentence])
    return tuple(Override(span.start, span.end, span.people) for span in found)
