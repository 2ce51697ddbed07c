"""Learning as a habit: the post-mortem of the month, and the reading club."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import OfTheMonth, Postmortem, ReadingSession
from postmortems.services.common import must_see, prose, tell, words

QUESTIONS = """- What in it surprised you, and who was not surprised?
- Which of its factors do you know from your own service?
- What did people there do that no runbook says?
- What would it have looked like to you, at that hour, with your screens?
- Which one thing will you look at tomorrow?"""
"""What a reading club may begin with."""


FURTHEST = timedelta(days=36_525)


class SessionFields(TypedDict, total=False):
    """What may be said of a session; what is left out stays as it is."""

    at: datetime
    place: str
    host: Person
    questions: str
    findings: str


@transaction.atomic
def choose_of_the_month(
    *, postmortem: Postmortem, why: str, by: Person | None, month: date | None = None
) -> OfTheMonth:
    """Invite everybody to read this one. A second choice for the same month takes the place of the first.

    Raises `InvalidInput` for one that is not published, or that not everybody may see.
    """
    require_responder(by)
    _published(postmortem)
    if not Postmortem.objects.open_to_all().filter(pk=postmortem.pk).exists():
        raise InvalidInput(postmortem="It tells of a private incident, which not everybody may read: choose another.")
    first = (month or timezone.localdate()).replace(day=1)
    chosen, _ = OfTheMonth.objects.update_or_create(
        month=first,
        defaults={"postmortem": postmortem, "why": words("why", why, most=300), "by": by, "at": timezone.now()},
    )
    tell(postmortem)
    return chosen


@transaction.atomic
def plan_session(
    *,
    postmortem: Postmortem,
    at: datetime,
    by: Person,
    place: str = "",
    host: Person | None = None,
    questions: str = "",
) -> ReadingSession:
    """Plan to read a published post-mortem together; who plans it is host unless another is named, and comes.

    Raises `InvalidInput` for a time that has passed or is a century ahead, or one that is not published.
    """
    require_responder(by)
    _published(postmortem)
    host = host or by
    must_see("host", host, postmortem.incidents.all())
    session = ReadingSession.objects.create(
        postmortem=postmortem,
        at=_ahead(at),
        place=words("place", place, most=500) if place.strip() else "",
        host=host,
        questions=prose("questions", questions).strip() or QUESTIONS,
    )
    session.readers.add(host)
    tell(postmortem, "reading.planned", session=session.pk)
    return session


@transaction.atomic
def edit_session(*, session: ReadingSession, by: Person | None, **fields: Unpack[SessionFields]) -> ReadingSession:
    """Change what is given; those who come are told of another time or place. Raises `Conflict` once cancelled."""
    require_responder(by)
    session = _standing(session)
    before = (session.at, session.place)
    if "at" in fields and fields["at"] != session.at:
        session.at = _ahead(fields["at"])
    if "place" in fields:
        session.place = words("place", fields["place"], most=500) if fields["place"].strip() else ""
    if "host" in fields:
        must_see("host", fields["host"], session.postmortem.incidents.all())
        session.host = fields["host"]
    if "questions" in fields:
        session.questions = prose("questions", fields["questions"]).strip()
    if "findings" in fields:
        session.findings = prose("findings", fields["findings"]).strip()
    session.save()
    moved = (session.at, session.place) != before
    tell(session.postmortem, "reading.moved" if moved else "", **({"session": session.pk} if moved else {}))
    return session


@transaction.atomic
def cancel_session(*, session: ReadingSession, by: Person | None) -> ReadingSession:
    """Call it off; those who come are told. Raises `Conflict` once it is over, or cancelled already."""
    require_responder(by)
    session = _standing(session)
    if session.at < timezone.now():
        raise Conflict("This session is over: keep what came out of it instead.")
    session.cancelled_at = timezone.now()
    session.save(update_fields=["cancelled_at"])
    tell(session.postmortem, "reading.cancelled", session=session.pk)
    return session


@transaction.atomic
def come_along(*, session: ReadingSession, by: Person, coming: bool = True) -> ReadingSession:
    """Say that one comes, or after all does not."""
    session = _standing(session)
    if coming:
        session.readers.add(by)
    else:
        session.readers.remove(by)
    tell(session.postmortem)
    return session


def _published(postmortem: Postmortem) -> None:
    if postmortem.status != Postmortem.Status.PUBLISHED:
        raise InvalidInput(
            postmortem=f"Post-mortem {postmortem.number} is {postmortem.get_status_display()}: only what is published "
            "is read together."
        )


def _ahead(at: datetime) -> datetime:
    if at <= timezone.now():
        raise InvalidInput(at=f"{at:%Y-%m-%d %H:%M} has passed: give a time to come.")
    if at > timezone.now() + FURTHEST:
        raise InvalidInput(at=f"{at:%Y-%m-%d} is more than a hundred years ahead: give a nearer time.")
    return at


def _standing(session: ReadingSession) -> ReadingSession:
    session = ReadingSession.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.pk)
    if session.cancelled_at:
        raise Conflict("This session was cancelled: plan another.")
    return session
