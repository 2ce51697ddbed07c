"""Filters that every page may use: ``{% load andon %}``."""

from __future__ import annotations

import re
from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """One or two letters for an avatar: "Ana de Souza" → "AS", "bo@example.org" → "B"."""
    words = re.findall(r"\w+", str(name).split("@")[0])
    if not words:
        return "?"
    first, last = words[0], words[-1] if len(words) > 1 else ""
    return (first[:1] + last[:1]).upper()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time (timedelta or seconds) in its two largest units: "3 d 4 h", "1 h 04 min", "12 s"."""
    if value is None:
        return "–"
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    if seconds < 60:
        return f"{sign}{seconds} s"
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    if seconds < 3600:
        return f"{sign}{minutes} min"
    return f"{sign}{days} d {hours} h" if days else f"{sign}{hours} h {minutes:02d} min"
