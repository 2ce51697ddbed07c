"""Reminding of open actions, before and after they are due, whatever became of the post-mortem.

On which days is in `reminder_days`, of whom in `reminded`. One message a morning for each person lists all that is
theirs to hear. `Action.reminded_on` is the day of reminding that was told last, so that each is told once, and after
a week without us only the last one is made up for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from notifications.deliveries import withdraw
from notifications.links import absolute
from oncall.models import Person
from oncall.paging.quiet import quiet_until
from oncall.rotas.walltime import first_instant
from oncall.tell import tell_person
from oncall.zones import zone_or_utc
from postmortems.models import Action
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.reminded import PEOPLE, audiences
from postmortems.reminder_days import BEFORE, latest_reminder, next_reminder

EARLIEST = timedelta(days=max(BEFORE))
MORNING = time(9)
MOST_NAMED = 20


@dataclass(frozen=True)
class Item:
    """An action that somebody is reminded of, for this day of reminding."""

    action: Action
    on: date
    why: str


@transaction.atomic
def remind_due() -> int:
    """Remind of what is due or late, once for each action and day of reminding; returns how many people were told."""
    today = timezone.localdate()
    due = {action: on for action in _open(today) if (on := _day(action, today))}
    prefetch_related_objects(list(due), *PEOPLE)
    bundles: dict[Person, list[Item]] = defaultdict(list)
    for action, audience in audiences(due).items():
        for person in audience.people:
            bundles[person].append(Item(action, due[action], audience.why))
    told = [person for person, items in bundles.items() if _tell(person, items, today)]
    for action in {item.action for person in told for item in bundles[person]}:
        Action.objects.filter(pk=action.pk).update(reminded_on=due[action])
    return len(told)


def withdraw_reminder(action: Action) -> None:
    """Take back the reminder of this action alone that waits for the morning: it was closed, or snoozed."""
    withdraw(about=_about(action))


def next_reminder_of(action: Action) -> date | None:
    """The day on which it is reminded of next, if nothing changes; None once it is closed."""
    if action.state in CLOSED_ACTIONS:
        return None
    return next_reminder(
        action.due_on, timezone.localdate(), every=action.remind_every, snoozed_until=action.snoozed_until
    )


def _open(today: date) -> list[Action]:
    """What may be due for a reminder, held until it is told."""
    near = Action.objects.open().filter(due_on__lte=today + EARLIEST)
    return list(near.select_for_update(skip_locked=True, no_key=True))


def _day(action: Action, today: date) -> date | None:
    """The day of reminding that has come last and was not told; none before the action was there."""
    on = latest_reminder(action.due_on, today, every=action.remind_every, snoozed_until=action.snoozed_until)
    after = action.reminded_on or timezone.localdate(action.created_at) - timedelta(days=1)
    return on if on and on > after else None


def _tell(person: Person, items: Sequence[Item], today: date) -> bool:
    """One message: of the one action, or of all of them, what is late longest first."""
    first = items[0]
    url = f"/actions/{first.action.number}/"
    if len(items) == 1:
        key, about = f"action:{first.action.number}:due:{first.on}:{person.pk}", _about(first.action)
        subject = f"{_when(first.action.due_on, today).capitalize()}: {first.action.title}"
        lines = [first.why, "Move it on, give it another date, or say why it will not be done."]
        lines += [f"Snooze the reminders: {absolute(f'{url}snooze/')}"]
    else:
        key, about, url = f"actions:{person.pk}:{today}:{first.action.number}:{first.on}", "actions", "/actions/"
        subject = _subject(items, today)
        lines = [_line(item, today) for item in items[:MOST_NAMED]]
        lines += [f"· and {len(items) - MOST_NAMED} more"] if len(items) > MOST_NAMED else []
    return tell_person(
        person,
        key=key,
        about=about,
        subject=subject,
        text="\n".join(line for line in lines if line),
        url=url,
        not_before=_not_before(person, today),
    )


def _about(action: Action) -> str:
    return f"action:{action.number}:reminder"


def _not_before(person: Person, today: date) -> datetime:
    """Nine in the morning by their clock, or the end of their quiet hours; now, where that is past."""
    nine = first_instant(datetime.combine(today, MORNING), zone_or_utc(person.timezone))
    at = max(nine, timezone.now())
    return quiet_until(person.quiet_from, person.quiet_to, person.timezone, at) or at


def _subject(items: Sequence[Item], today: date) -> str:
    late = sum(item.action.due_on < today for item in items)
    soon = len(items) - late
    parts = [f"{late} overdue" if late else "", f"{soon} due soon" if soon else ""]
    return f"{len(items)} actions: {', '.join(part for part in parts if part)}"


def _line(item: Item, today: date) -> str:
    action = item.action
    told = f"· {_when(action.due_on, today).capitalize()}: A{action.number} {action.title}"
    return "\n  ".join(part for part in (told, item.why, absolute(f"/actions/{action.number}/")) if part)


def _when(due_on: date, today: date) -> str:
    days = (due_on - today).days
    count = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    if days == 0:
        return "due today"
    return f"due in {count}" if days > 0 else f"overdue by {count}"
