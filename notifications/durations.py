"""Durations in words."""

from __future__ import annotations


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
