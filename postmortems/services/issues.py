"""The issue at a tracker that an action is tracked by: remembered by its address, and followed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from postmortems.models import Action, ExternalIssue, Tracker
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.reminders import withdraw_reminder
from postmortems.services.common import tell
from postmortems.trackers.addresses import reference, tracker_of
from postmortems.trackers.seen import Seen


@transaction.atomic
def remember_issue(*, action: Action) -> ExternalIssue | None:
    """The issue that the action's address shows, to be read soon; None where no tracker of ours knows the address,
    which stays the link it is."""
    tracker = tracker_of(action.url, Tracker.objects.live()) if action.url else None
    ref = reference(action.url, tracker) if tracker else None
    known = ExternalIssue.objects.filter(action=action)
    if tracker is None or ref is None:
        known.delete()
        return None
    if same := known.filter(tracker=tracker, ref=ref).first():
        return same
    known.delete()
    return ExternalIssue.objects.create(action=action, tracker=tracker, url=action.url, ref=ref)


@transaction.atomic
def note_issue(*, issue: ExternalIssue, seen: Seen, at: datetime) -> bool:
    """What its tracker said at `at`; False where something newer is known.

    An issue that was closed there closes the action: done, or won't do where it was dropped. One that is open again
    opens the action again, unless somebody moved that meanwhile.
    """
    action = Action.objects.select_for_update(no_key=True).get(pk=issue.action_id)
    now = ExternalIssue.objects.select_for_update().get(pk=issue.pk)
    if now.seen_at and at < now.seen_at:
        return False
    was, now.seen_at, now.error = now.state, at, ""
    now.state = ExternalIssue.State.CLOSED if seen.closed else ExternalIssue.State.OPEN
    now.title, now.status, now.closed_by = seen.title[:300], seen.status[:100], seen.by[:100] or now.closed_by
    if not seen.closed:
        now.closed_by = ""
    if seen.closed and was != ExternalIssue.State.CLOSED:
        _close(action, now, seen)
    elif not seen.closed and now.closed_action_at:
        _reopen(action, now)
    now.save(update_fields=["state", "title", "status", "closed_by", "seen_at", "error", "closed_action_at"])
    if was != now.state:
        tell(action)
    return True


def where(issue: ExternalIssue) -> str:
    """`SHOP-12 at Jira`."""
    return f"{issue.ref} at {issue.tracker.get_kind_display() if issue.tracker else 'its tracker'}"


def _close(action: Action, issue: ExternalIssue, seen: Seen) -> None:
    if action.state in CLOSED_ACTIONS:
        return
    action.state = Action.State.WONT_DO if seen.dropped else Action.State.DONE
    action.reason = f"{where(issue)} was closed: {seen.status}." if seen.dropped else ""
    action.done_at = None if seen.dropped else timezone.now()
    action.snoozed_until = None
    action.save(update_fields=["state", "reason", "done_at", "snoozed_until"])
    issue.closed_action_at = timezone.now()
    withdraw_reminder(action)
    tell(action, "action.closed")


def _reopen(action: Action, issue: ExternalIssue) -> None:
    if action.state in CLOSED_ACTIONS:
        action.state, action.reason, action.done_at = Action.State.ACCEPTED, "", None
        action.save(update_fields=["state", "reason", "done_at"])
    issue.closed_action_at = None
