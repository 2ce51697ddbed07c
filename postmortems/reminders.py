"""Reminding owners of open actions, before and after they are due, on any state of the post-mortem."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from notifications.models import Delivery
from oncall.tell import tell_person
from postmortems.due_dates import latest_reminder
from postmortems.models import Action

EARLIEST = timedelta(days=7)


def remind_due() -> int:
    """Remind of what is due or late, once for each action and day of reminding; returns how many were told now."""
    today = timezone.localdate()
    due = Action.objects.open().filter(owner__is_active=True, due_on__lte=today + EARLIEST).select_related("owner")
    keys = {_key(action, on): action for action in due if (on := _reminder(action, today))}
    told = set(Delivery.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True))
    return sum(_remind(action, key, today) for key, action in keys.items() if key not in told)


def _reminder(action: Action, today: date) -> date | None:
    """The day of reminding that has come last; none before the action was there."""
    on = latest_reminder(action.due_on, today)
    return on if on and on >= timezone.localdate(action.created_at) else None


def _key(action: Action, on: date) -> str:
    return f"action:{action.number}:due:{on}"


def _remind(action: Action, key: str, today: date) -> bool:
    owner = action.owner
    if owner is None or not Action.objects.visible_to(owner).filter(pk=action.pk).exists():
        return False
    return tell_person(
        owner,
        key=key,
        about=f"action:{action.number}",
        subject=f"{_when(action.due_on, today).capitalize()}: {action.title}",
        text="Move it on, give it another date, or say why it will not be done.",
        url="/actions/",
    )


def _when(due_on: date, today: date) -> str:
    days = (due_on - today).days
    count = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    if days == 0:
        return "due today"
    return f"due in {count}" if days > 0 else f"overdue by {count}"
