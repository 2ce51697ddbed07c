"""What is worth saying about the time of a meeting, and how long actions soak. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

SHORTEST, LONGEST = 15, 480
"""Minutes."""
FURTHEST = timedelta(days=366)
SOAK = timedelta(days=2)
"""Between the conversation and agreeing on actions: the design's habit (postmortems.md), offered and never forced."""
LONGEST_SOAK = timedelta(days=60)
LONG = 120


def objection(at: datetime, now: datetime) -> str:
    """Why nobody can meet then, in words; empty where they can."""
    if at <= now:
        return f"{at:%-d %B %Y, %H:%M} has passed: choose a time to come."
    if at > now + FURTHEST:
        return f"{at:%-d %B %Y} is more than a year ahead: choose a time while people still remember."
    return ""


def warnings(at: datetime, minutes: int, due_at: datetime | None) -> list[str]:
    """What speaks against it and may still be right. `at` in the zone of those who meet."""
    found = [f"{at:%A} is not a working day for most."] if at.weekday() > 4 else []
    if due_at and at > due_at:
        late = (at.date() - due_at.astimezone(at.tzinfo).date()).days
        found.append(f"It is {_days(late)} after the day it was due: memories fade, so sooner is better.")
    if at.hour < 7 or at.hour >= 20:
        found.append(f"{at:%H:%M} is early or late for some: ask them.")
    return found + ([f"{minutes} minutes are long for one conversation: plan a break."] if minutes > LONG else [])


def soak_until(meeting: date | None, today: date) -> date:
    """The day that is offered: two days after the meeting, or from today where none is to come."""
    return max(meeting or today, today) + SOAK


def soak_objection(until: date, today: date) -> str:
    """Why actions cannot soak until then, in words; empty where they can."""
    if until <= today:
        return f"{until:%-d %B %Y} is not ahead: choose a later day, or end the soak now."
    if until > today + LONGEST_SOAK:
        return f"{until:%-d %B %Y} is more than {LONGEST_SOAK.days} days ahead: actions would be forgotten by then."
    return ""


def _days(count: int) -> str:
    if count <= 0:
        return "some hours"
    return "a day" if count == 1 else f"{count} days"
