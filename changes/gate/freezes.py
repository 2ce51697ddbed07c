"""Freezes: made, changed and lifted by responders. All of it is on record (`history`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from changes.models import Freeze
from notifications import outbox
from notifications.errors import Conflict
from oncall.definition import values
from oncall.models import Person, Service
from oncall.permissions import require_responder
from oncall.services.findings import Findings, zone

LONGEST = timedelta(days=366)
MOST_WINDOWS = 20


@transaction.atomic
def save_freeze(
    *,
    name: str,
    why: str = "",
    timezone: str = "UTC",
    start: datetime | None = None,
    end: datetime | None = None,
    windows: Iterable[Mapping[str, Any]] = (),
    services: Iterable[str] = (),
    environment: str = "production",
    freeze: Freeze | None = None,
    by: Person | None = None,
) -> Freeze:
    """Make a freeze, or change the one given, to be exactly this: once from `start` until `end`, or every week in
    `windows` ({"weekdays": ["fri"], "from": "16:00", "to": "24:00"}, by the wall clock of `timezone`), within start
    and end where they are given too. `services` are slugs, none for all. Raises InvalidInput, Conflict once lifted.
    """
    require_responder(by)
    if freeze:
        freeze = _held(freeze)
    findings = Findings()
    fields: dict[str, Any] = {
        "name": findings.text("name", name, 100),
        "why": findings.text("why", why, 1_000, required=False),
        "timezone": findings.read("timezone", zone, timezone, "UTC"),
        "start": start,
        "end": end,
        "windows": _windows(findings, windows),
        "environment": findings.text("environment", environment, 60, required=False),
    }
    frozen = findings.many("services", services, Service.objects.all())
    _check_times(findings, start, end, fields["windows"])
    findings.raise_if_any()
    freeze = freeze or Freeze(created_by=by)
    for field, value in fields.items():
        setattr(freeze, field, value)
    freeze.save()
    freeze.services.set(frozen)
    outbox.emit("freeze.changed", {"freeze": freeze.pk})
    return freeze


@transaction.atomic
def lift_freeze(*, freeze: Freeze, by: Person | None = None) -> Freeze:
    """It holds no more, from now on. Raises Conflict where it was lifted before."""
    require_responder(by)
    freeze = _held(freeze)
    freeze.lifted_at = now()
    freeze.save()
    outbox.emit("freeze.lifted", {"freeze": freeze.pk, "by": by.pk if by else None})
    return freeze


def _held(freeze: Freeze) -> Freeze:
    """The freeze, held until the transaction ends. Raises Conflict for one that was lifted."""
    found = Freeze.objects.select_for_update(of=("self",)).get(pk=freeze.pk)
    if found.lifted_at:
        raise Conflict(f"“{found.name}” was lifted, and is on record; make another.")
    return found


def _check_times(findings: Findings, start: datetime | None, end: datetime | None, windows: list[Any]) -> None:
    if (start is None) != (end is None):
        findings.add("end" if start else "start", "Give both a start and an end, or neither.")
    elif start is None and not windows:
        findings.add("start", "When does it hold? Give a start and an end, or windows of every week.")
    elif start and end and end <= start:
        findings.add("end", f"{end:%Y-%m-%d %H:%M %Z} is not after the start; give a later time.")
    elif start and end and end - start > LONGEST:
        findings.add("end", f"This lasts {(end - start).days} days; {LONGEST.days} are the longest.")


def _windows(findings: Findings, given: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As they are kept: weekdays by three letters, times of day as 16:00. Equal times are a whole day."""
    found = [_window(findings, index, window) for index, window in enumerate(given)]
    if len(found) > MOST_WINDOWS:
        findings.add("windows", f"These are {len(found)} windows; use {MOST_WINDOWS} at most.")
    return found


def _window(findings: Findings, index: int, window: Mapping[str, Any]) -> dict[str, Any]:
    where, nothing = f"windows[{index}]", frozenset[int]()
    named = window.get("weekdays") or list(values.WEEKDAYS)
    days = findings.read(f"{where}.weekdays", values.weekdays, named, nothing)
    opens = findings.read(f"{where}.from", values.opening, window.get("from", "00:00"), 0)
    closes = findings.read(f"{where}.to", values.clock, window.get("to", "24:00"), 0)
    return {"weekdays": [values.WEEKDAYS[day] for day in sorted(days)], "from": _clock(opens), "to": _clock(closes)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
