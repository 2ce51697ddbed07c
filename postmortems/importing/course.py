"""The times of a write-up: each read, then held against the others."""

from __future__ import annotations

from datetime import datetime

from postmortems.importing.fields import TIMES, Fields
from postmortems.importing.times import Unsound, moment

_OF_THE_INCIDENT = TIMES[:4]


def course(fields: Fields, now: datetime) -> dict[str, datetime | None]:
    """By name, each or None. What cannot be used is left out, with a remark; an end before its start, both."""
    read = {field: _read(fields, field, now) for field in TIMES}
    started, resolved = read["started_at"], read["resolved_at"]
    if started and resolved and resolved < started:
        text = f"Left out with the start ({started:%Y-%m-%d %H:%M} UTC), before which it lies: correct one of them."
        fields.remark("resolved_at", text, fields.values("resolved_at")[0])
        read |= dict.fromkeys(_OF_THE_INCIDENT)
    elif bool(started) != bool(resolved) and not any(one.field in _OF_THE_INCIDENT for one in fields.remarks):
        missing = "resolved_at" if started else "started_at"
        fields.remark(missing, "Not given: an incident is made only where start and end are known.")
    for field in ("detected_at", "mitigated_at"):
        at = read[field]
        if at and ((started and at < started) or (resolved and at > resolved)):
            text = "Left out, for it does not lie between the start and the end: correct it."
            fields.remark(field, text, fields.values(field)[0])
            read[field] = None
    return read


def _read(fields: Fields, field: str, now: datetime) -> datetime | None:
    for value in fields.values(field):
        try:
            if at := moment(value, now):
                return at
        except Unsound as error:
            fields.remark(field, f"Left out: {error}.", value)
            return None
    return None
