"""What Ops have set up around the stories: jobs whose silence would be an alert, and maintenance to come."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.demo.organisation import email
from config.demo.stage import at
from oncall.models import Person, Service
from oncall.services.maintenance import plan_maintenance
from telemetry.heartbeats import add_heartbeat, receive

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def arrange(today: datetime) -> None:
    """Last night's backup has called, the rehearsal of a restore has yet to; on Sunday the disks are exchanged."""
    database, by = Service.objects.get(slug="orders-db"), Person.objects.get(email=email("jun"))
    backup = add_heartbeat(service=database, name="Nightly backup", every=DAY, grace=30 * MINUTE, by=by)
    add_heartbeat(service=database, name="Restore rehearsal", every=7 * DAY, grace=6 * HOUR, by=by)
    with at(_last(today, hour=2) + 10 * MINUTE):
        receive(backup.token)
    sunday = (today + (6 - today.weekday()) * DAY).replace(hour=4, minute=0, second=0, microsecond=0)
    start = sunday if sunday > today else sunday + 7 * DAY
    plan_maintenance(services=[database], start=start, end=start + 2 * HOUR, reason="New disks in both replicas", by=by)


def _last(today: datetime, hour: int) -> datetime:
    """The last time the clock showed this hour, at least one ago."""
    found = today.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found + HOUR <= today else found - DAY
