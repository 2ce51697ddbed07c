"""Reading single values of a definition; each raises ValueError with the value and what to write instead."""

import re
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from oncall.definition.problems import shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_EVERY = 9999
MOST_PEOPLE = 100
LONGEST_NAME = 200
YEARS = range(1970, 2200)
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?")
DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)

E = TypeVar("E", bound=StrEnum)
Group = tuple[str, ...]


def zone(value: object) -> ZoneInfo:
    """An IANA zone name, such as America/Chicago."""
    name = _text(value)
    if name not in _zone_names():
        like = get_close_matches(name, _zone_names(), n=1)
        hint = f"did you mean “{like[0]}”?" if like else "give an IANA name such as “Europe/London”."
        raise ValueError(f"{shown(value)} is not a known time zone; {hint}")
    return ZoneInfo(name)


def name(value: object) -> str:
    """A name: of a seat, or of a person."""
    text = _text(value).strip()
    if not text:
        raise ValueError("The name is empty; give one.")
    if len(text) > LONGEST_NAME:
        raise ValueError(f"{shown(text)} has {len(text)} characters; use at most {LONGEST_NAME}.")
    return text


def people(value: object) -> Group:
    """People who are on duty together: a list of names, or one name."""
    names = tuple(name(person) for person in (value if isinstance(value, list) else [value]))
    if not names:
        raise ValueError("Nobody is named; name at least one person.")
    for person in names:
        if names.count(person) > 1:
            raise ValueError(f"{shown(person)} stands here twice; name each person once.")
    return names


def participants(value: object) -> tuple[Group, ...]:
    """The groups that take turns."""
    if not isinstance(value, list):
        raise ValueError(f'{shown(value)} is not a list; list groups of people, as in [["ana"], ["bo", "cy"]].')
    if not value:
        raise ValueError('Nobody is in this layer; list at least one person, as in [["ana"]].')
    if len(value) > MOST_PEOPLE:
        raise ValueError(f"{len(value)} groups take turns here; use at most {MOST_PEOPLE}.")
    return tuple(people(group) for group in value)


def every(value: object) -> int:
    """How many hours, days, weeks or months a turn takes."""
    return _whole(value, 1, MOST_EVERY)


def first(value: object) -> int:
    """The position, from 0, of the participant on duty at the start."""
    return _whole(value, 0, MOST_PEOPLE - 1)


def priority(value: object) -> int:
    """The higher wins."""
    return _whole(value, -1000, 1000)


def flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} does not do; give true or false.")
    return value


def number(value: object) -> int:
    """The number of something that is stored."""
    return _whole(value, 1, 2**53)


def one_of(words: type[E], value: object) -> E:
    """A member of an enumeration, by its word."""
    known = [member.value for member in words]
    if value not in known:
        raise ValueError(f"{shown(value)} is not known; use {' or '.join(known)}.")
    return words(value)


def weekdays(value: object) -> frozenset[int]:
    """Weekdays by their first three letters; Monday is 0."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"{shown(value)} names no weekday; list some of {', '.join(WEEKDAYS)}, or leave it out.")
    for day in value:
        if day not in WEEKDAYS:
            raise ValueError(f"{shown(day)} is not a weekday; use {', '.join(WEEKDAYS)}.")
    return frozenset(WEEKDAYS.index(day) for day in value)


def clock(value: object) -> int:
    """A time of day such as 08:00, in minutes after midnight; 24:00 is the end of the day."""
    text = _text(value)
    if text == "24:00":
        return 24 * 60
    match = CLOCK.fullmatch(text)
    if not match:
        raise ValueError(f"{shown(value)} is not a time of day; write it as “08:00”, from “00:00” to “24:00”.")
    return int(match[1]) * 60 + int(match[2])


def opening(value: object) -> int:
    """A time of day at which a window may open."""
    minutes = clock(value)
    if minutes == 24 * 60:
        raise ValueError("A window cannot open at “24:00”; write “00:00”, and the weekday after.")
    return minutes


def moment(value: object) -> datetime:
    """A wall time (naive) such as 2026-06-01T09:00; with an offset or Z, an instant (aware)."""
    text = _text(value)
    wrong = f"{shown(value)} is not a time; write it as “2026-06-01T09:00”, with an offset or Z for an instant."
    if not MOMENT.fullmatch(text):
        raise ValueError(wrong)
    try:
        read = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError as error:
        raise ValueError(f"{wrong} ({error})") from error
    if read.year not in YEARS:
        raise ValueError(f"{shown(value)} is too far away; use a year from {YEARS[0]} to {YEARS[-1]}.")
    return read


def instant(value: object) -> datetime:
    """An instant in UTC, from a time with an offset or Z."""
    read = moment(value)
    if read.tzinfo is None:
        raise ValueError(f"{shown(value)} has no offset; add one, as in “{value}Z” for UTC.")
    return read.astimezone(UTC)


def duration(value: object) -> timedelta:
    """An ISO 8601 duration in weeks, days, hours, minutes and seconds: P2D, PT8H, P1DT12H."""
    match = DURATION.fullmatch(_text(value))
    if not match:
        raise ValueError(f"{shown(value)} is not a duration; write weeks, days, hours, as “P1W”, “P2D” or “PT8H30M”.")
    length = timedelta(**{unit: int(digits) for unit, digits in match.groupdict(default="0").items()})
    if not length:
        raise ValueError(f"{shown(value)} lasts no time; give more, or leave it out.")
    return length


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{shown(value)} does not do; give a whole number from {least} to {most}.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not text; put it in quotes.")
    return value


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
