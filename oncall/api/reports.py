"""`schedules/{slug}/balance/` and `schedules/{slug}/report/`: how well a schedule was covered, and who bore it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.errors import InvalidInput
from notifications.sheets import cell
from oncall.api.base import OwnFormat
from oncall.api.fields import PersonBrief
from oncall.definition import InvalidDefinition, read_window
from oncall.definition.write import utc
from oncall.models import Schedule
from oncall.report import Balance, PersonWeek, SeatWeek, Week, balance, weekly
from oncall.rotas.coverage import Interval, covered_time

BEHIND = timedelta(weeks=12)
HOUR = timedelta(hours=1)
WINDOW = [
    OpenApiParameter("since", str, description="With an offset or Z; twelve weeks ago, where it is left out."),
    OpenApiParameter("until", str, description="Now, where it is left out; 400 days after `since` at most."),
]
COLUMNS = (
    "week", "since", "until", "kind", "name", "coverage", "gap_hours", "hours", "nights", "weekends", "holidays",
    "pages_by_day", "pages_by_night", "acknowledged", "seconds_to_acknowledge",
)  # fmt: skip


class LoadSerializer(serializers.Serializer):
    person = PersonBrief()
    hours = serializers.FloatField()
    nights = serializers.IntegerField(help_text="23:00 to 06:00 in the schedule's zone, of which three hours or more.")
    weekends = serializers.IntegerField(help_text="Saturday and Sunday, of which three hours or more.")
    holidays = serializers.IntegerField(help_text="Public holidays of the person's country.")


class PairingSerializer(serializers.Serializer):
    dev = serializers.EmailField()
    ops = serializers.EmailField()
    times = serializers.IntegerField()
    hours = serializers.FloatField()


class BalanceSerializer(serializers.Serializer):
    people = LoadSerializer(many=True)
    pairings = PairingSerializer(many=True)


class GapSerializer(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class SeatWeekSerializer(serializers.Serializer):
    seat = serializers.CharField()
    coverage = serializers.FloatField(allow_null=True, help_text="Share of the time for which shifts are known.")
    gaps = GapSerializer(many=True)
    pages_by_day = serializers.IntegerField()
    pages_by_night = serializers.IntegerField()


class WeekSerializer(serializers.Serializer):
    week = serializers.CharField(help_text="As in ISO 8601: 2026-W07.")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    seats = SeatWeekSerializer(many=True)
    people = LoadSerializer(many=True)
    acknowledged = serializers.IntegerField()
    seconds_to_acknowledge = serializers.FloatField(allow_null=True, help_text="Median; null below five pages.")


class ReportSerializer(serializers.Serializer):
    weeks = WeekSerializer(many=True)


class BalanceView(APIView):
    """Hours, nights, weekends and holidays of each person, and how often each Dev was paired with each Ops."""

    @extend_schema(parameters=WINDOW, responses=BalanceSerializer)
    def get(self, request: Request, slug: str) -> Response:
        schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
        window = _window(request.query_params)
        return Response(_balance(balance(schedule, window.start, window.end)))


class ReportView(APIView):
    """By ISO week: coverage and gaps of each seat, what each person bore, pages by day and night."""

    content_negotiation_class = OwnFormat
    renderer_classes = [JSONRenderer]

    @extend_schema(
        parameters=[*WINDOW, OpenApiParameter("format", enum=["json", "csv"], default="json")],
        responses={(200, "application/json"): ReportSerializer, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
        wanted = request.query_params.get("format", "json")
        if wanted not in ("json", "csv"):
            raise InvalidInput(format=f"{wanted!r} is no format of reports: choose json or csv.")
        window = _window(request.query_params)
        weeks = weekly(schedule, window.start, window.end)
        return as_csv(schedule, weeks) if wanted == "csv" else Response({"weeks": [_week(week) for week in weeks]})


def as_csv(schedule: Schedule, weeks: list[Week]) -> HttpResponse:
    """A line for each seat and each person of each week, and one for the week's pages."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{schedule.slug}-by-week.csv"'
    writer = csv.DictWriter(answer, fieldnames=COLUMNS)
    writer.writeheader()
    for week in weeks:
        when = {"week": week.name, "since": utc(week.time.start), "until": utc(week.time.end)}
        writer.writerows(when | line for line in _lines(week))
    return answer


def _lines(week: Week) -> Iterator[dict[str, Any]]:
    seconds = week.time_to_acknowledge.total_seconds() if week.time_to_acknowledge else ""
    yield {"kind": "pages", "acknowledged": week.acknowledged, "seconds_to_acknowledge": seconds}
    for seat in week.seats:
        empty = round(covered_time(seat.gaps) / HOUR, 2)
        named = {"kind": "seat", "name": cell(seat.name), "gap_hours": empty}
        yield named | {name: value for name, value in _seat(seat).items() if name in COLUMNS and value is not None}
    for one in week.people:
        yield {"kind": "person", "name": cell(one.person.email)} | {
            name: value for name, value in _load(one).items() if name in COLUMNS
        }


def _week(week: Week) -> dict[str, Any]:
    wait = week.time_to_acknowledge
    return {
        "week": week.name,
        "since": utc(week.time.start),
        "until": utc(week.time.end),
        "seats": [_seat(seat) for seat in week.seats],
        "people": [_load(one) for one in week.people],
        "acknowledged": week.acknowledged,
        "seconds_to_acknowledge": wait.total_seconds() if wait else None,
    }


def _seat(seat: SeatWeek) -> dict[str, Any]:
    return {
        "seat": seat.name,
        "coverage": None if seat.coverage is None else round(seat.coverage, 4),
        "gaps": [{"start": utc(gap.start), "end": utc(gap.end)} for gap in seat.gaps],
        "pages_by_day": seat.pages_by_day,
        "pages_by_night": seat.pages_by_night,
    }


def _load(one: PersonWeek) -> dict[str, Any]:
    load = one.load
    return {
        "person": {"email": one.person.email, "name": one.person.name},
        "hours": load.hours,
        "nights": load.nights,
        "weekends": load.weekends,
        "holidays": load.holidays,
    }


def _balance(found: Balance) -> dict[str, Any]:
    return {
        "people": [_load(one) for one in found.people],
        "pairings": [
            {"dev": pair.one, "ops": pair.other, "times": pair.times, "hours": pair.hours} for pair in found.pairings
        ],
    }


def _window(given: Mapping[str, str]) -> Interval:
    now = timezone.now()
    try:
        return read_window(given.get("since") or utc(now - BEHIND), given.get("until") or utc(now))
    except InvalidDefinition as error:
        raise InvalidInput(error.errors) from error
