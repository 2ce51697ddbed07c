"""Telling each team in the morning: at nine by the clock of its schedules, once a day, and late rather than not.

A team that serves a schedule is told in its Slack channel, else its lead is, else its members are, each by the first
contact method that works. What was set up later in the day is told from the next morning on. That a team was told
stands in the deliveries themselves, under a key of team, zone and day, so any number of schedulers may look, and one
that was away tells later on the same day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from notifications import deliveries
from notifications.links import absolute
from notifications.models import ContactMethod, Delivery
from oncall.board import now_and_next
from oncall.checks.concerns import Concern
from oncall.checks.daily import Handoff, Morning, OnCall
from oncall.checks.watch import warnings
from oncall.models import Person, Schedule, Service, Shift, Team
from oncall.paging.reach import methods_of
from oncall.rotas.walltime import first_instant
from oncall.zones import zone_or_utc

log = structlog.get_logger(__name__)

AT = time(9)
Address = tuple[str, str, ContactMethod | None]  # channel, address, and whose method it is


@dataclass(frozen=True)
class Due:
    """A team that is to be told of its schedules of one zone, today."""

    team: Team
    zone: ZoneInfo
    schedules: list[Schedule]
    services: list[Service]
    key: str


def tell_due() -> int:
    """Tell every team whose morning has come and that was not told yet; returns how many were told."""
    now = timezone.now()
    due = {one.key: one for one in _due(now)}
    told = Delivery.objects.filter(dedup_key__in=due).values_list("dedup_key", flat=True)
    for key in list(told):
        del due[key]
    addresses = {key: list(_addresses(one.team)) for key, one in due.items()}
    for key in [key for key, found in addresses.items() if not found]:
        log.info("team_untold", team=due.pop(key).team.slug)
    concerns = warnings(now) if due else []
    for key, one in due.items():
        _tell(one, addresses[key], _morning(one, now, concerns))
    return len(due)


def _due(now: datetime) -> Iterator[Due]:
    services = Service.objects.exclude(schedule=None).select_related("dev_team__lead", "ops_team__lead", "schedule")
    served: dict[tuple[Team, str], list[Service]] = defaultdict(list)
    for service in services.order_by("schedule__slug", "slug"):
        for team in {service.dev_team, service.ops_team} - {None}:
            assert team and service.schedule  # noqa: S101 - by the query
            served[team, service.schedule.timezone].append(service)
    made = _made()
    for (team, name), found in served.items():
        zone = zone_or_utc(name)
        today = now.astimezone(zone).date()
        nine = first_instant(datetime.combine(today, AT), zone)
        schedules = {one.schedule.pk: one.schedule for one in found if one.schedule}
        there = [schedule for schedule in schedules.values() if made.get(schedule.pk, nine) <= nine]
        if there and now >= nine:
            services_there = [one for one in found if one.schedule in there]
            yield Due(team, zone, there, services_there, f"daily:{team.pk}:{name}:{today:%Y-%m-%d}")


def _made() -> dict[int, datetime]:
    """When each schedule was made."""
    first = Schedule.history.filter(history_type="+").values_list("id").annotate(Min("history_date"))
    return dict(first.order_by())


@transaction.atomic
def _tell(due: Due, addresses: Iterable[Address], morning: Morning) -> None:
    link = absolute(f"/schedules/{due.schedules[0].slug}/")
    for number, (channel, address, method) in enumerate(addresses):
        deliveries.enqueue(
            dedup_key=f"{due.key}:{number}" if number else due.key,
            about=f"team:{due.team.slug}",
            channel=channel,
            address=address,
            message={"subject": morning.subject, "text": morning.text, "url": link},
            method=method,
        )


def _addresses(team: Team) -> Iterator[Address]:
    """Where the team hears it."""
    if team.channel and settings.SLACK_BOT_TOKEN:
        yield ContactMethod.Kind.SLACK, team.channel, None
        return
    lead = [team.lead] if team.lead and team.lead.is_active and methods_of(team.lead) else []
    people: Iterable[Person] = lead or team.members.filter(is_active=True).prefetch_related("contact_methods")
    for person in people:
        if methods := methods_of(person):
            yield methods[0].kind, methods[0].address, methods[0]


def _morning(due: Due, now: datetime, concerns: Iterable[Concern]) -> Morning:
    about = {schedule.slug for schedule in due.schedules} | {service.slug for service in due.services}
    about |= {due.team.slug, *(service.policy.slug for service in due.services if service.policy)}
    boards = now_and_next(due.schedules, now)
    return Morning(
        team=due.team.name,
        now=now,
        zone=due.zone,
        on_call=[
            OnCall(schedule.name, seat.name, tuple(person.name for person in seat.people), seat.until)
            for schedule in due.schedules
            for seat in boards[schedule.pk]
        ],
        handoffs=_handoffs(due, now),
        concerns=[concern.text for concern in concerns if concern.about in about],
    )


def _handoffs(due: Due, now: datetime) -> list[Handoff]:
    """Every moment of the rest of the day at which somebody comes on or goes off a seat, and who has it then."""
    tomorrow = datetime.combine(now.astimezone(due.zone).date() + timedelta(days=1), time())
    end = first_instant(tomorrow, due.zone)
    rows = Shift.objects.overlapping(now, end).filter(seat__schedule__in=due.schedules, seat__retired_at=None)
    shifts = list(
        rows.select_related("seat__schedule", "person").order_by("seat__schedule__slug", "seat__position", "id")
    )
    found = []
    for seat in dict.fromkeys(shift.seat for shift in shifts):
        held = [shift for shift in shifts if shift.seat == seat]
        edges = {edge for shift in held for edge in (shift.start, shift.end) if now < edge < end}
        for at in edges:
            people = tuple(shift.person.name for shift in held if shift.during.lower <= at < shift.during.upper)
            found.append(Handoff(at.astimezone(UTC), seat.schedule.name, seat.name, people))
    return sorted(found, key=lambda handoff: handoff.at)
