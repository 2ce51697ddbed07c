"""What a recurrence rule asks for, and whether an import can follow it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icalendar.prop import vRecur

from oncall.calendar_import.reading import Entry

LENGTHS = {
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
    "MONTHLY": timedelta(days=28),
    "YEARLY": timedelta(days=365),
}
DAYS_OF_EVERY_MONTH = 28
WEEKS_OF_EVERY_MONTH = 4
DEAR = 10  # times as long as a step that finds something
MOST_TURNS = 10_000
PARTS_OF_HOURS = ("BYHOUR", "BYMINUTE", "BYSECOND")
MOST_EVERY = 9999


def frequency(rule: vRecur) -> str:
    return str(first(rule, "FREQ", "")).upper()


def every(rule: vRecur) -> int:
    return int(str(first(rule, "INTERVAL", 1)))


def count(rule: vRecur) -> int | None:
    found = first(rule, "COUNT", None)
    return None if found is None else int(str(found))


def until(rule: vRecur) -> date | None:
    found = first(rule, "UNTIL", None)
    return found if isinstance(found, date) else None


def first(rule: vRecur, part: str, otherwise: object) -> object:
    """The first value of a part of the rule."""
    values = rule.get(part)
    return (values[0] if isinstance(values, list) else values) if values else otherwise


def complaint(entry: Entry) -> str | None:
    """Why no import can follow the rule, whichever way; None where one can."""
    rule = entry.rule
    if (kind := frequency(rule)) not in LENGTHS:
        return f"{entry.label} repeats {kind or 'without FREQ'}; shifts repeat {', '.join(LENGTHS)}."
    if not 1 <= every(rule) <= MOST_EVERY:
        return f"{entry.label} repeats every {every(rule)}; use an INTERVAL from 1 to {MOST_EVERY}."
    if (times := count(rule)) is not None and not 1 <= times <= MOST_TURNS:
        return f"{entry.label} repeats {times} times; use from 1 to {MOST_TURNS}, or an end (UNTIL)."
    if any(len(rule.get(part, [])) > 1 for part in PARTS_OF_HOURS):
        return f"{entry.label} repeats at several times of the day by BYHOUR; make an event of each."
    return None


def steps(entry: Entry, end: datetime) -> float:
    """About how many steps its rule takes from the beginning until `end`; until the year 9999 for one that may find
    nothing, because there the library gives up looking."""
    if _may_find_nothing(entry.rule):
        return DEAR * _steps(entry.rule, entry.start, date.max)
    return _steps(entry.rule, entry.start, end)


def occurrences(entry: Entry, now: datetime, end: datetime) -> float:
    """About how many it has between now and `end`, at most."""
    found = _steps(entry.rule, now, end) * max(len(entry.rule.get("BYDAY", [])), 1)
    times = count(entry.rule)
    return found if times is None else min(found, times)


def _steps(rule: vRecur, start: date, end: date) -> float:
    days = max(end.toordinal() - start.toordinal(), 0) + 1
    return timedelta(days=days) / (LENGTHS[frequency(rule)] * every(rule))


def _may_find_nothing(rule: vRecur) -> bool:
    """Whether what narrows the rule may exclude each other, as the 30th of February."""
    narrowing = {part for part in rule if part.startswith("BY")}
    kind = frequency(rule)
    if not narrowing or (narrowing == {"BYDAY"} and (kind == "WEEKLY" or (kind == "DAILY" and every(rule) == 1))):
        return False
    if kind != "MONTHLY":
        return True
    if narrowing == {"BYMONTHDAY"}:
        return any(abs(int(day)) > DAYS_OF_EVERY_MONTH for day in rule["BYMONTHDAY"])
    places = [int(place) for place in rule.get("BYSETPOS", [])]
    places += [int(str(day)[:-2]) for day in rule.get("BYDAY", []) if str(day)[:-2]]
    return not narrowing <= {"BYDAY", "BYSETPOS"} or any(abs(place) > WEEKS_OF_EVERY_MONTH for place in places)
