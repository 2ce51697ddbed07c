"""Action items: made, changed, moved along. The table of moves is in `postmortems/action_lifecycle.py`."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Team
from oncall.permissions import require_responder
from postmortems import action_lifecycle
from postmortems.due_dates import action_due
from postmortems.models import Action, Postmortem
from postmortems.services.common import address, choice, locked, must_see, tell, words


class ActionChanges(TypedDict, total=False):
    """What may be changed of an action; what is left out stays."""

    title: str
    kind: str
    priority: str
    owner: Person | None
    team: Team | None
    due_on: date
    url: str


@transaction.atomic
def create_action(
    *,
    title: str,
    by: Person | None,
    postmortem: Postmortem | None = None,
    kind: str = "prevent",
    priority: str = "medium",
    owner: Person | None = None,
    team: Team | None = None,
    due_on: date | None = None,
    url: str = "",
) -> Action:
    """Propose an action; its due date comes from its priority where none is given (14, 30 or 90 days).

    The owner is told. Raises `InvalidInput` by field.
    """
    require_responder(by)
    priority = choice("priority", priority, Action.Priority.values)
    _may_own(owner, postmortem)
    today = timezone.localdate()
    action = Action.objects.create(
        number=next_number("action"),
        postmortem=postmortem,
        title=words("title", title, most=200),
        kind=choice("kind", kind, Action.Kind.values),
        priority=priority,
        owner=owner,
        team=team,
        due_on=due_on or action_due(priority, today),
        url=address("url", url),
    )
    _tell(action, "action.created")
    return action


@transaction.atomic
def update_action(*, action: Action, by: Person | None, **changes: Unpack[ActionChanges]) -> Action:
    """Change what is given. A new owner is told. Raises `InvalidInput` by field."""
    require_responder(by)
    action = locked(action)
    before = action.owner_id
    checked = dict(changes)
    if "title" in changes:
        checked["title"] = words("title", changes["title"], most=200)
    if "kind" in changes:
        checked["kind"] = choice("kind", changes["kind"], Action.Kind.values)
    if "priority" in changes:
        checked["priority"] = choice("priority", changes["priority"], Action.Priority.values)
    if "url" in changes:
        checked["url"] = address("url", changes["url"])
    if "owner" in changes:
        _may_own(changes["owner"], action.postmortem)
    for field, value in checked.items():
        setattr(action, field, value)
    action.save(update_fields=list(checked))
    _tell(action, "action.created" if action.owner_id not in (before, None) else "")
    return action


@transaction.atomic
def transition_action(*, action: Action, to: str, by: Person | None, reason: str = "") -> Action:
    """Move to accepted, in_progress, done, wont_do (with a reason), proposed or, from a closed state, reopened.

    Raises `Conflict` with `allowed` for a move that the table does not have, `InvalidInput` without a reason.
    """
    require_responder(by)
    action = locked(action)
    allowed = action_lifecycle.allowed(action.state)
    if to not in allowed:
        raise Conflict(
            f"An action that is {action.get_state_display()} cannot become {to!r}: "
            f"it can become {' or '.join(allowed)}.",
            allowed=list(allowed),
        )
    if to == "wont_do" and not reason.strip():
        raise InvalidInput(reason="Say why it will not be done: that is a result too.")
    action.state = action_lifecycle.after(to)
    action.reason = reason.strip() if to == "wont_do" else ""
    action.done_at = timezone.now() if to == "done" else None
    action.save(update_fields=["state", "reason", "done_at"])
    _tell(action, "action.closed" if to in ("done", "wont_do") else "")
    return action


def _may_own(owner: Person | None, postmortem: Postmortem | None) -> None:
    if owner and not owner.is_active:
        raise InvalidInput(owner=f"{owner} is no longer active: choose somebody else.")
    if postmortem:
        must_see("owner", owner, postmortem.incidents.all())


def _tell(action: Action, event: str) -> None:
    tell(action, event)
    if action.postmortem:
        tell(action.postmortem)
