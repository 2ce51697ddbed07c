"""The meeting of a post-mortem: set, moved, called off. Who is invited hears of it by handlers_meeting.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from oncall.zones import zone_or_utc
from postmortems.facilitating import meeting as rules
from postmortems.models import Postmortem
from postmortems.services.common import address, locked, tell, words

ADDRESS = "://"
CHANGED = "postmortem.meeting_changed"


@transaction.atomic
def set_meeting(
    *, postmortem: Postmortem, at: datetime, by: Person | None, minutes: int = 60, place: str = ""
) -> Postmortem:
    """Meet at `at` for `minutes`, in a room or at a web address (`place`). Everybody invited gets it, or the change.

    The same again tells nobody anything. Raises `InvalidInput` by field: a time that has passed, is over a year ahead
    or has no zone, a length beyond 15 minutes to 8 hours, an address that is none.
    """
    require_responder(by)
    postmortem = locked(postmortem)
    if timezone.is_naive(at):
        raise InvalidInput(at=f"{at.isoformat()} has no time zone: add one, such as {at.isoformat()}Z.")
    place = words("place", place, most=500, required=False)
    if ADDRESS in place or place.lower().startswith(("javascript:", "data:")):
        place = address("place", place)
    wanted = {"meeting_at": at, "meeting_minutes": minutes, "meeting_place": place}
    if all(getattr(postmortem, name) == value for name, value in wanted.items()):
        return postmortem
    _check(at, minutes, by)
    for name, value in wanted.items():
        setattr(postmortem, name, value)
    return _changed(postmortem)


@transaction.atomic
def cancel_meeting(*, postmortem: Postmortem, by: Person | None) -> Postmortem:
    """Call it off: it leaves the calendars of those invited. Raises `Conflict` where no meeting stands."""
    require_responder(by)
    postmortem = locked(postmortem)
    if postmortem.meeting_at is None:
        raise Conflict(f"Post-mortem {postmortem.number} has no meeting to call off.")
    was, postmortem.meeting_at = postmortem.meeting_at, None
    return _changed(postmortem, was)


def tell_meeting(postmortem: Postmortem, *, added: Sequence[int] = (), removed: Sequence[int] = ()) -> None:
    """Have these people (by key) get the meeting that stands, or have it taken out of their calendar.

    Runs in the transaction of the change, on a locked row. A past meeting concerns no calendar any more.
    """
    at = postmortem.meeting_at
    if at is None or at <= timezone.now() or not (added or removed):
        return
    if removed:
        postmortem.meeting_sequence += 1
        postmortem.save(update_fields=["meeting_sequence"])
    news = {"sequence": postmortem.meeting_sequence, "added": list(added), "removed": list(removed)}
    tell(postmortem, CHANGED, **news)


def _check(at: datetime, minutes: int, by: Person | None) -> None:
    now = timezone.now()
    near = abs(at - now) < 2 * rules.FURTHEST  # the last day of the calendar has no morning after, in any zone
    local = at.astimezone(zone_or_utc(by.timezone)) if by and near else at
    if wrong := rules.objection(local, now):
        raise InvalidInput(at=wrong)
    if not rules.SHORTEST <= minutes <= rules.LONGEST:
        raise InvalidInput(minutes=f"{minutes} minutes do not do: give {rules.SHORTEST} to {rules.LONGEST}.")


def _changed(postmortem: Postmortem, was: datetime | None = None) -> Postmortem:
    postmortem.meeting_sequence += 1
    postmortem.save(update_fields=["meeting_at", "meeting_minutes", "meeting_place", "meeting_sequence"])
    called_off = {"was": was.isoformat()} if was else {}
    tell(postmortem, CHANGED, sequence=postmortem.meeting_sequence, **called_off)
    return postmortem
