"""Action items: made, changed, moved along. The table of moves is in `postmortems/action_lifecycle.py`."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Team
from oncall.permissions import require_responder
from postmortems import action_lifecycle
from postmortems.due_dates import action_due
from postmortems.models import Action, ExternalIssue, Postmortem
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.reminder_days import LONGEST_PAUSE
from postmortems.reminders import withdraw_reminder
from postmortems.services.common import address, choice, day, locked, must_see, prose, tell, words
from postmortems.services.issues import remember_issue

LONGEST_EXCERPT = 2000


class ActionChanges(TypedDict, total=False):
    """What may be changed of an action; what is left out stays."""

    title: str
    kind: str
    priority: str
    owner: Person | None
    team: Team | None
    due_on: date
    url: str
    remind_every: int


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
    section: str = "",
    excerpt: str = "",
    remind_every: int = 7,
) -> Action:
    """Propose an action; its due date comes from its priority where none is given (14, 30 or 90 days).

    `section` (its key, found where it is left out) and `excerpt` are the text of the post-mortem that it came from.
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
        due_on=day("due_on", due_on) if due_on else action_due(priority, today),
        url=address("url", url),
        remind_every=_pause(remind_every),
        **_origin(postmortem, section, excerpt),
    )
    remember_issue(action=action)
    _tell(action, "action.created")
    return action


@transaction.atomic
def update_action(*, action: Action, by: Person | None, **changes: Unpack[ActionChanges]) -> Action:
    """Change what is given. A new owner is told; another owner or date ends a snooze. Raises `InvalidInput`."""
    require_responder(by)
    action = locked(action)
    before = action.owner_id
    checked: dict[str, Any] = dict(changes)
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
    if "due_on" in changes:
        checked["due_on"] = day("due_on", changes["due_on"])
    if "remind_every" in changes:
        checked["remind_every"] = _pause(changes["remind_every"])
    if any(name in checked and checked[name] != getattr(action, name) for name in ("due_on", "owner")):
        checked["snoozed_until"] = None
    for field, value in checked.items():
        setattr(action, field, value)
    action.save(update_fields=list(checked))
    if "url" in checked:
        remember_issue(action=action)
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
    action.snoozed_until = None
    action.save(update_fields=["state", "reason", "done_at", "snoozed_until"])
    ExternalIssue.objects.filter(action=action).update(closed_action_at=None)
    if to in CLOSED_ACTIONS:
        withdraw_reminder(action)
    _tell(action, "action.closed" if to in CLOSED_ACTIONS else "")
    return action


def _may_own(owner: Person | None, postmortem: Postmortem | None) -> None:
    if owner and not owner.is_active:
        raise InvalidInput(owner=f"{owner} is no longer active: choose somebody else.")
    if postmortem:
        must_see("owner", owner, postmortem.incidents.all())


def _pause(days: int) -> int:
    if not 1 <= days <= LONGEST_PAUSE:
        raise InvalidInput(remind_every=f"{days} days is no pause between reminders: choose 1 to {LONGEST_PAUSE}.")
    return days


def _origin(postmortem: Postmortem | None, section: str, excerpt: str) -> dict[str, str]:
    """Where in the post-mortem it came from."""
    section, excerpt = section.strip(), prose("excerpt", excerpt).strip()
    if (section or excerpt) and postmortem is None:
        raise InvalidInput(postmortem="Say in which post-mortem these words stand.")
    if postmortem and section and not postmortem.sections.filter(key=section).exists():
        raise InvalidInput(section=f"PM{postmortem.number} has no section {section!r}: give the key of one it has.")
    if len(excerpt) > LONGEST_EXCERPT:
        raise InvalidInput(excerpt=f"These are {len(excerpt)} characters; choose {LONGEST_EXCERPT} at most.")
    if postmortem and excerpt and not section:
        section = next((one.key for one in postmortem.sections.all() if _words(excerpt) in _words(one.body)), "")
    return {"section": section, "excerpt": excerpt}


def _words(text: str) -> str:
    return " ".join(text.split())


def _tell(action: Action, event: str) -> None:
    tell(action, event)
    if action.postmortem:
        tell(action.postmortem)
