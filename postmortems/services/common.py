"""What every service of this room does before and after its own work: read, lock, tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from incidents.models import Incident
from incidents.services.common import choice, locked, words
from notifications import live, outbox
from notifications.errors import InvalidInput
from notifications.weblinks import web_address
from oncall.models import Person

__all__ = ["LIST", "address", "choice", "day", "locked", "must_see", "prose", "tell", "topic", "words"]

LIST = "postmortems"
"""The live topic of lists and boards of this room."""
LONGEST = 200_000
EARLIEST, LATEST = date(2000, 1, 1), timedelta(days=3660)


def topic(row: Any) -> str:
    """The live topic of one record: `postmortem:7`, `problem:3`, `action:12`, `article:4`."""
    return f"{row._meta.model_name}:{row.number}"


def tell(row: Any, event: str = "", **payload: Any) -> None:
    """Tell the open pages, and with `event` the other rooms, what happened to this record."""
    if event:
        outbox.emit(event, {row._meta.model_name: row.number} | payload)
    live.publish(topic(row))
    live.publish(LIST)


def prose(field: str, value: str) -> str:
    """Markdown as it was written. Raises `InvalidInput` by `field` where it cannot be kept."""
    if "\x00" in value:
        raise InvalidInput({field: ["There is a NUL character in it, which cannot be kept: take it out."]})
    if len(value) > LONGEST:
        raise InvalidInput({field: [f"This has {len(value)} characters; shorten it to {LONGEST} at most."]})
    return value


def day(field: str, value: date) -> date:
    """A day to do something on. Raises `InvalidInput` by `field` for days of other ages."""
    if not EARLIEST <= value <= timezone.localdate() + LATEST:
        raise InvalidInput({field: [f"{value} is no day for this: give one within the next ten years."]})
    return value


def address(field: str, value: str) -> str:
    """A web address, or nothing. Raises `InvalidInput` by `field` for any other scheme."""
    if value.strip() and not web_address(value, longest=500):
        raise InvalidInput({field: [f"{value[:80]!r} is no web address: start it with https://."]})
    return value.strip()


def must_see(field: str, person: Person | None, incidents: Iterable[Incident]) -> None:
    """Raises `InvalidInput` by `field` where this person may not see one of the incidents."""
    private = [incident for incident in incidents if incident.private]
    if person is None or not private:
        return
    hidden = Incident.objects.hidden_from(person).filter(pk__in=[incident.pk for incident in private]).first()
    if hidden:
        raise InvalidInput(
            {field: [f"{person} takes no part in the private incident #{hidden.number}: add them first."]}
        )
