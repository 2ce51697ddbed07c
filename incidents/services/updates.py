"""News for stakeholders, and notes for the record."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident, TimelineEntry, Update
from incidents.services.common import choice, locked, moment, tell, words
from incidents.severity import SEVERITIES
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder

LONGEST_MINUTES = 7 * 24 * 60
LONGEST_NOTE = 20_000
NOTE_KINDS = ("note", "link", "message")


@transaction.atomic
def post_update(
    *, incident: Incident, text: str, by: Person | None, next_due_in: int | None = None, source: str = "andon"
) -> Update:
    """Post an update. The next is due in `next_due_in` minutes, or as the severity asks; none once it is resolved."""
    require_responder(by)
    text = words("text", text, most=LONGEST_NOTE)
    incident = locked(incident)
    now = timezone.now()
    incident.next_update_due_at = _next_due(incident, next_due_in, now)
    incident.save(update_fields=["next_update_due_at"])
    update = Update.objects.create(
        incident=incident,
        text=text,
        status=incident.status,
        posted_by=by,
        at=now,
        next_due_at=incident.next_update_due_at,
    )
    data = {"update": update.pk}
    timeline.add(incident=incident, kind="update", text=text, at=now, actor=by, source=source, data=data)
    tell(incident, "incident.update_posted", update=update.pk)
    return update


def _next_due(incident: Incident, minutes: int | None, now: datetime) -> datetime | None:
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise InvalidInput(
            next_due_in=f"{minutes} minutes is not possible: choose from 1 to {LONGEST_MINUTES} (a week)."
        )
    minutes = minutes or SEVERITIES[incident.severity].update_minutes
    return now + timedelta(minutes=minutes) if minutes and incident.is_open else None


@transaction.atomic
def add_note(
    *,
    incident: Incident,
    text: str,
    by: Person | None,
    at: datetime | None = None,
    source: str = "web",
    by_name: str = "",
    kind: str = "note",
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Write something down that happened at `at`, also before the declaration; not in the future.

    `kind` is one of NOTE_KINDS: the others are written by Andon, when it happens.
    """
    require_responder(by)
    return timeline.add(
        incident=incident,
        kind=choice("kind", kind, list(NOTE_KINDS)),
        text=words("text", text, most=LONGEST_NOTE),
        at=moment("at", at),
        source=words("source", source, most=20),
        actor=by,
        actor_name=by_name,
        data=_data(data or {}),
    )


def _data(data: dict[str, Any]) -> dict[str, Any]:
    written = json.dumps(data)
    if "\\u0000" in written:
        raise InvalidInput(data="There is a NUL character in it, which cannot be kept: take it out.")
    if len(written) > LONGEST_NOTE:
        raise InvalidInput(data=f"This has {len(written)} characters of JSON; {LONGEST_NOTE} at most.")
    return data
