"""Reading issues back, and leaving a link on each: leased rows, asked again until they answer. Once in a quarter of an
hour while anything is open, once a day afterwards; a webhook tells sooner."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from notifications.http import Client, HttpError
from notifications.leases import backoff, claim
from notifications.links import absolute
from notifications.payloads import MalformedPayload
from postmortems.models import ExternalIssue, Tracker
from postmortems.querysets import CLOSED_ACTIONS
from postmortems.services.issues import note_issue
from postmortems.trackers import asking
from postmortems.trackers.seen import Seen

log = structlog.get_logger(__name__)

TIMEOUT = 10.0  # seconds for each request, of which there are at most seven
LEASE = timedelta(seconds=120)
AT_ONCE = 8
OPEN_PAUSE, CLOSED_PAUSE = timedelta(minutes=15), timedelta(days=1)
UNKNOWN_PAUSE = timedelta(hours=6)  # without a token, where GitHub answers 60 times an hour
LONGEST_PAUSE = timedelta(hours=1)
LARGEST_ANSWER = 4_000_000  # bytes: a hundred comments
NOT_SHOWN = "Its tracker does not show it to us: is it still there, and may the token read it?"
WORDS = {
    401: "Its token is not accepted: give the tracker a new one in Settings.",
    403: "Its token may not do that, or has asked too often: give it leave to read issues and to comment.",
}


@dataclass(frozen=True)
class Outcome:
    """What came of asking for one issue. `seen`: None where nothing changed, or nothing came."""

    issue: ExternalIssue
    asked_at: datetime
    seen: Seen | None = None
    error: HttpError | MalformedPayload | None = None
    linked: bool = False
    not_linked: str = ""


def poll_due(*, limit: int = 40) -> int:
    """Ask for what is due, oldest first; returns how many were asked for."""
    tried = 0
    with client() as http:
        while tried < limit and (claimed := claim(waiting(), limit=AT_ONCE, lease=LEASE)):
            for outcome in _ask_all(http, claimed):
                _record(outcome)
            tried += len(claimed)
    return tried


def waiting() -> QuerySet[ExternalIssue]:
    """Issues of live trackers that are read again at some time."""
    return ExternalIssue.objects.filter(tracker__retired_at=None, tracker__isnull=False).select_related(
        "tracker", "action"
    )


def client() -> Client:
    """An administrator chose the address: an inside one is for the operator to allow, as with webhooks."""
    return Client(timeout=TIMEOUT, max_bytes=LARGEST_ANSWER, allow_private=settings.ANDON_ALLOW_PRIVATE_TARGETS)


def in_words(error: HttpError | MalformedPayload) -> str:
    """What went wrong, and what to do about it."""
    return (WORDS.get(getattr(error, "status", None) or 0) or str(error))[:300]


def _ask_all(http: Client, issues: list[ExternalIssue]) -> Iterator[Outcome]:
    """Threads touch the network only, never the database."""
    with ThreadPoolExecutor(max_workers=len(issues)) as pool:
        yield from pool.map(lambda issue: _ask(http, issue), issues)


def _ask(http: Client, issue: ExternalIssue) -> Outcome:
    tracker, now = issue.tracker, timezone.now()
    assert tracker is not None  # noqa: S101 - by the query
    known_at = issue.seen_at if issue.state in ("open", "closed") else None
    try:
        seen = asking.read(http, tracker, issue.ref, known_at)
    except (HttpError, MalformedPayload) as error:
        return Outcome(issue, now, error=error)
    if issue.linked_back_at or not tracker.token:
        return Outcome(issue, now, seen)
    action = issue.action
    link = asking.Link(action.number, absolute(f"/actions/{action.number}/"), action.created_at)
    try:
        asking.leave_link(http, tracker, issue.ref, link)
    except (HttpError, MalformedPayload) as error:
        return Outcome(issue, now, seen, not_linked=f"No link could be left on it. {in_words(error)}")
    return Outcome(issue, now, seen, linked=True)


def _record(outcome: Outcome) -> None:
    issue = outcome.issue
    if outcome.error:
        _record_trouble(issue, outcome.error)
        return
    if outcome.seen:
        note_issue(issue=issue, seen=outcome.seen, at=outcome.asked_at)
    rows = ExternalIssue.objects.filter(pk=issue.pk)
    if outcome.linked:
        rows.update(linked_back_at=timezone.now())
    rows.update(attempts=0, error=outcome.not_linked[:300])
    rows.filter(next_at=issue.next_at).update(next_at=timezone.now() + _pause(issue))  # unless it is due anew
    Tracker.objects.filter(issues=issue).exclude(last_error="").update(last_error="")


def _pause(issue: ExternalIssue) -> timedelta:
    now = ExternalIssue.objects.select_related("action", "tracker").get(pk=issue.pk)
    if now.action.state in CLOSED_ACTIONS and now.state == ExternalIssue.State.CLOSED:
        return CLOSED_PAUSE
    return OPEN_PAUSE if now.tracker and now.tracker.token else UNKNOWN_PAUSE


def _record_trouble(issue: ExternalIssue, error: HttpError | MalformedPayload) -> None:
    """Asked again later; where the tracker itself is out of order, or asks us to wait, all its issues wait."""
    status = getattr(error, "status", None)
    log.warning("issue_not_read", issue_id=issue.pk, status=status, error=str(error))
    again = _again(issue.attempts, error)
    rows = ExternalIssue.objects.filter(pk=issue.pk)
    if status in (404, 410):
        rows.update(error=NOT_SHOWN, next_at=again)
        if issue.tracker and issue.tracker.token:  # without one it may be there, and a webhook may have told of it
            rows.update(state=ExternalIssue.State.GONE)
        return
    rows.update(error=in_words(error), next_at=again)
    if isinstance(error, HttpError) and (error.retry_after or status in (None, 401)):
        same = ExternalIssue.objects.filter(tracker=issue.tracker_id)
        same.filter(next_at__lt=again).exclude(pk=issue.pk).update(next_at=again)
    if not isinstance(error, HttpError) or status != 403:
        Tracker.objects.filter(issues=issue).update(last_error=in_words(error))


def _again(attempts: int, error: HttpError | MalformedPayload) -> datetime:
    now = timezone.now()
    if isinstance(error, HttpError) and error.retry_after is not None:
        return now + min(timedelta(seconds=max(error.retry_after, 1)), CLOSED_PAUSE)
    if isinstance(error, HttpError) and error.permanent:
        return now + LONGEST_PAUSE
    return backoff(attempts + 4, most=LONGEST_PAUSE)  # from half a minute on
