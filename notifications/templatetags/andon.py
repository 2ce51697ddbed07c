"""Filters that every page may use: ``{% load andon %}``."""

from __future__ import annotations

import re
from datetime import timedelta

from django import template

from notifications.durations import words

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """One or two letters for an avatar: "Ana de Souza" → "AS", "bo@example.org" → "B"."""
    found = re.findall(r"\w+", str(name).split("@")[0])
    if not found:
        return "?"
    first, last = found[0], found[-1] if len(found) > 1 else ""
    return (first[:1] + last[:1]).upper()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time (timedelta or seconds) in its two largest units; None is a dash."""
    if value is None:
        return "–"
    return words(value.total_seconds() if isinstance(value, timedelta) else value)
