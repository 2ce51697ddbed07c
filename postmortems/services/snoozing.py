"""Putting off the reminders of one action: for a while, never for good."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from postmortems.models import Action
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.reminder_days import LONGEST_SNOOZE
from postmortems.reminders import withdraw_reminder
from postmortems.services.common import locked, tell


@transaction.atomic
def snooze(*, action: Action, until: date | None, by: Person | None) -> Action:
    """No reminder before `until`, which is a day of reminding itself; None ends a snooze.

    At most 90 days from today, as often as one likes. For those whom the reminders are for: the owner, the team,
    who facilitates the post-mortem or opened it, and administrators. Raises `Forbidden`, `InvalidInput` and, of a
    closed action, `Conflict`.
    """
    action = locked(action)
    if not may_snooze(action, by):
        raise Forbidden(f"The reminders of A{action.number} are for its owner and team: they may snooze them.")
    if action.state in CLOSED_ACTIONS:
        raise Conflict(f"A{action.number} is {action.get_state_display()}: nobody is reminded of it.")
    today = timezone.localdate()
    if until and not today < until <= today + timedelta(days=LONGEST_SNOOZE):
        latest = today + timedelta(days=LONGEST_SNOOZE)
        raise InvalidInput(until=f"{until} cannot be chosen: take a day from tomorrow to {latest}.")
    action.snoozed_until = until
    action.save(update_fields=["snoozed_until"])
    if until:
        withdraw_reminder(action)
    tell(action)
    return action


def may_snooze(action: Action, person: Person | None) -> bool:
    """Whether the reminders of this action are theirs to put off."""
    if person is None or person.is_administrator:
        return person is None or person.is_active
    concerned = {action.owner_id}
    if action.team:
        concerned |= {action.team.lead_id, *action.team.members.values_list("pk", flat=True)}
    if action.postmortem:
        concerned |= {action.postmortem.facilitator_id, action.postmortem.opened_by_id}
    return person.is_active and person.pk in concerned
