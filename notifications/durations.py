"""Durations in words, and read from words."""

from __future__ import annotations

import re
from datetime import timedelta

_PART = re.compile(r"(\d{1,6}) ?(min|h|d)", re.IGNORECASE)
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read(text: str) -> timedelta:
    """Whole minutes, hours and days: "5 min", "24 h", "1 d 12 h". Raises ValueError."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        raise ValueError(f"“{text}” is no length of time; write it as 5 min, 24 h or 1 d.")
    return sum((int(count) * _UNITS[unit.lower()] for count, unit in parts), timedelta())


def written(length: timedelta) -> str:
    """As `read` understands it, without loss of a minute."""
    said = words(length.total_seconds())
    minutes = int(length.total_seconds() // 60)
    return said if minutes and read(said) == length else f"{minutes} min"


def words(seconds: float) -> str:
    """The two largest units: "3 d 4 h", "1 h 04 min", "12 s"; no second unit that is zero ("2 h", "7 d")."""
    sign, whole = ("−", -int(seconds)) if seconds < 0 else ("", int(seconds))
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if whole < 60:
        return f"{sign}{whole} s"
    if whole < 3600:
        return f"{sign}{minutes} min"
    if not days:
        return f"{sign}{hours} h {minutes:02d} min" if minutes else f"{sign}{hours} h"
    return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"
