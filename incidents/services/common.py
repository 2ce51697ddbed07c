"""What every service of this room does before and after its own work: read, lock, tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from incidents.models import Incident
from notifications import live, outbox
from notifications.errors import InvalidInput

LIST = "incidents"
"""The live topic of lists of incidents."""
LONGEST_SUMMARY = 20_000
SKEW = timedelta(minutes=1)
"""Clocks differ: a time this little ahead of ours is now."""

Row = TypeVar("Row", bound=models.Model)


def locked(row: Row) -> Row:
    """The row as it stands now, held until the transaction ends. What belongs to it may still be added."""
    return type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)


def tell(incident: Incident, event: str, **payload: Any) -> None:
    """Tell the other rooms and the open pages what happened."""
    outbox.emit(event, {"incident": incident.number} | payload)
    live.publish(incident.subject)
    live.publish(LIST)


def words(field: str, value: str, *, most: int | None = None, required: bool = True) -> str:
    """The text without surrounding space. Raises `InvalidInput` by `field` where it cannot be kept."""
    value = (value or "").strip()
    if required and not value:
        raise InvalidInput({field: ["This is empty: write at least a few words."]})
    if "\x00" in value:
        raise InvalidInput({field: ["There is a NUL character in it, which cannot be kept: take it out."]})
    if most and len(value) > most:
        raise InvalidInput({field: [f"This has {len(value)} characters; shorten it to {most} at most."]})
    return value


def moment(field: str, value: datetime | None, *, not_before: datetime | None = None) -> datetime:
    """The time given, or now. Raises `InvalidInput` where it has no zone, is to come, or is before `not_before`."""
    now = timezone.now()
    if value is None:
        return now
    if timezone.is_naive(value):
        raise InvalidInput({field: [f"{value.isoformat()} has no time zone: add one, such as {value.isoformat()}Z."]})
    if value > now + SKEW:
        raise InvalidInput({field: [f"{_utc(value)} is still to come: give a time that has passed."]})
    if not_before and value < not_before:
        raise InvalidInput({field: [f"{_utc(value)} is before {_utc(not_before)}: give a later time."]})
    return min(value, now)


def choice(field: str, value: str, known: list[str]) -> str:
    """The value, where it is one of the known ones. Raises `InvalidInput` naming them."""
    if value not in known:
        raise InvalidInput({field: [f"{value!r} is not known here: choose one of {', '.join(known)}."]})
    return value


def _utc(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
