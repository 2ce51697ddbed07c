"""Moments, in the ways in which write-ups have them."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MILLISECONDS = 100_000_000_000
"""A number of seconds as great as this is one of milliseconds: it would be the year 5138."""
_ZERO = datetime(1, 1, 2, tzinfo=UTC)
_WRITTEN = (
    *("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y"),
    *("%B %d %Y", "%b %d %Y", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z"),
)
_NUMBER = re.compile(r"[+-]?\d{9,16}(\.\d+)?")
_UTC = re.compile(r"\s*\(?(UTC|GMT|Z)\)?$", re.IGNORECASE)


class Unsound(ValueError):
    """A value that is no usable moment. The message says what is wrong with it and what to do."""


def moment(value: object, now: datetime) -> datetime | None:
    """The moment that is meant, None where none is given: Go's zero time and the epoch's 0 mean that too.

    Reads ISO 8601 (a date alone is its midnight; without zone it is UTC), RFC 2822, "March 3, 2017", and seconds or
    milliseconds of the epoch. Raises `Unsound` for what is no time, to come, or before 1990.
    """
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return None
    read = _number(value) if isinstance(value, int | float) else _text(value)
    if read is None or read < _ZERO:
        return None
    if read < EARLIEST:
        raise Unsound(f"the year {read.year} is before 1990: correct it, or leave it out")
    if read > now:
        raise Unsound("this is still to come: correct it, or leave it out")
    return read


def _number(value: int | float) -> datetime | None:
    if isinstance(value, bool) or not -1e15 < value < 1e15 or math.isnan(value):
        raise Unsound("this is no time: write it like 2017-03-03T14:05:00Z")
    if 0 < abs(value) < 10_000:
        raise Unsound("this is no time, at most a year: write it like 2017-03-03T14:05:00Z")
    seconds = value / 1000 if abs(value) >= MILLISECONDS else value
    with suppress(OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) if seconds else None
    return None if seconds < 0 else _beyond()


def _beyond() -> datetime:
    return datetime.max.replace(tzinfo=UTC)


def _text(value: object) -> datetime | None:
    if not isinstance(value, str) or len(value) > 100:
        raise Unsound("this is no time: write it like 2017-03-03T14:05:00Z")
    text = value.strip()
    if _NUMBER.fullmatch(text):
        return _number(float(text))
    for read in (datetime.fromisoformat, parsedate_to_datetime, _written):
        for form in (text, _UTC.sub("+00:00", text)):
            with suppress(ValueError, TypeError, IndexError, OverflowError):
                return _with_zone(read(form))
    raise Unsound("this is no date: write it like 2017-03-03 or 2017-03-03T14:05:00Z")


def _written(text: str) -> datetime:
    for pattern in _WRITTEN:
        with suppress(ValueError):
            return datetime.strptime(text.replace("+00:00", ""), pattern)  # noqa: DTZ007 - the zone is added after
    raise ValueError(text)


def _with_zone(read: datetime) -> datetime:
    if read.tzinfo is None:
        return read.replace(tzinfo=UTC)
    try:
        return read.astimezone(UTC)
    except OverflowError:  # the first or last day there is, in a zone that leads past it
        return read.replace(tzinfo=UTC)
