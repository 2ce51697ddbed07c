"""What readers say on a section: threads that may quote its words, replies, and settling a thread.

Everybody who may see a post-mortem may comment on it, viewers too: a reader's question is how a write-up is understood.
Comments are no part of the text: they withdraw no sign-off, and go on after it is published.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, Forbidden
from oncall.models import Person
from postmortems.models import Comment, Section
from postmortems.services.common import locked, tell, words

LONGEST = 10_000
LONGEST_QUOTE = 500


@transaction.atomic
def comment(*, section: Section, body: str, by: Person, quote: str = "") -> Comment:
    """Begin a thread on a section; `quote`: the words of it that this is about. Raises `InvalidInput`."""
    _present(by)
    quote = words("quote", " ".join(quote.split()), required=False)
    quote = quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"
    return _said(Comment(section=section, quote=quote, by=by), body)


@transaction.atomic
def reply(*, thread: Comment, body: str, by: Person) -> Comment:
    """Answer in a thread; one that was resolved is open again. Raises `Conflict` where all of it was taken back."""
    _present(by)
    first = locked(thread.thread or thread)
    if first.withdrawn_at and not first.replies.filter(withdrawn_at=None).exists():
        raise Conflict("What you answer was taken back meanwhile: begin a thread of your own.")
    if first.resolved_at:
        _settle(first, None)
    return _said(Comment(section=first.section, thread=first, by=by), body)


@transaction.atomic
def edit_comment(*, comment: Comment, body: str, by: Person) -> Comment:
    """Say it in other words. Raises `Forbidden` for what another wrote, `Conflict` for what was taken back."""
    comment = _own(comment, by)
    if comment.withdrawn_at:
        raise Conflict("This comment was taken back: write a new one.")
    body = words("body", body, most=LONGEST)
    if body != comment.body:
        comment.body, comment.edited_at = body, timezone.now()
        comment.save(update_fields=["body", "edited_at"])
        tell(comment.section.postmortem)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: Person) -> Comment:
    """Take back what one wrote: its words are gone. Twice is as once. Raises `Forbidden` for what another wrote."""
    comment = _own(comment, by)
    if comment.withdrawn_at is None:
        comment.body, comment.quote, comment.withdrawn_at = "", "", timezone.now()
        comment.save(update_fields=["body", "quote", "withdrawn_at"])
        tell(comment.section.postmortem)
    return comment


@transaction.atomic
def resolve_thread(*, thread: Comment, by: Person) -> Comment:
    """Say that nothing is open in a thread any more. Raises `Forbidden` for viewers who did not begin it."""
    return _settled(thread, by, resolved=True)


@transaction.atomic
def reopen_thread(*, thread: Comment, by: Person) -> Comment:
    """Say that something is open in it after all."""
    return _settled(thread, by, resolved=False)


def _said(comment: Comment, body: str) -> Comment:
    comment.body = words("body", body, most=LONGEST)
    comment.save()
    tell(comment.section.postmortem, "postmortem.commented", comment=comment.pk)
    return comment


def _settled(thread: Comment, by: Person, *, resolved: bool) -> Comment:
    _present(by)
    first = locked(thread.thread or thread)
    if first.by_id != by.pk and not by.is_responder:
        raise Forbidden("Only responders, and whoever began a thread, may settle or reopen it.")
    if bool(first.resolved_at) != resolved:
        _settle(first, by if resolved else None)
        tell(first.section.postmortem)
    return first


def _settle(first: Comment, by: Person | None) -> None:
    first.resolved_at, first.resolved_by = (timezone.now() if by else None), by
    first.save(update_fields=["resolved_at", "resolved_by"])


def _own(comment: Comment, by: Person) -> Comment:
    _present(by)
    if comment.by_id != by.pk:
        raise Forbidden("Only who wrote a comment may change it or take it back.")
    return locked(comment)


def _present(by: Person) -> None:
    if not by.is_active:
        raise Forbidden("You are no longer active. Ask an administrator.")
