"""Which part of the organisation, and which period, a figure is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from notifications.errors import InvalidInput
from oncall.models import Service, Team
from postmortems.metrics import Period

DEFAULT = timedelta(days=90)


@dataclass(frozen=True)
class Filters:
    """A period, and where they are given, a service and a team by slug."""

    period: Period
    service: str = ""
    team: str = ""

    def services(self) -> QuerySet[Service] | None:
        """The services chosen: those of the team, the one service, or both; None means all."""
        if not (self.service or self.team):
            return None
        chosen = Service.objects.of_team(self.team) if self.team else Service.objects.all()
        return chosen.filter(slug=self.service) if self.service else chosen


def parse(*, since: str = "", until: str = "", service: str = "", team: str = "") -> Filters:
    """Filters from words: dates or RFC 3339 times (UTC where no zone is told), slugs. The last 90 days by default.

    Raises `InvalidInput` by field.
    """
    end = _moment("until", until) or timezone.now()
    begin = _moment("since", since) or end - DEFAULT
    if begin >= end:
        raise InvalidInput(since=f"{begin:%Y-%m-%d %H:%M} is not before {end:%Y-%m-%d %H:%M}: give an earlier one.")
    if service and ("\x00" in service or not Service.objects.filter(slug=service).exists()):
        raise InvalidInput(service=f"{service!r} is no service: give a slug from the catalogue.")
    if team and ("\x00" in team or not Team.objects.filter(slug=team).exists()):
        raise InvalidInput(team=f"{team!r} is no team: give a slug from the catalogue.")
    return Filters(Period(begin, end), service, team)


def _moment(field: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = parse_datetime(text) or _midnight(parse_date(text))
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year < 9000:
        raise InvalidInput({field: [f"{text!r} is no time: give a date (2026-01-31) or an RFC 3339 time."]})
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
