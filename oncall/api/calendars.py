"""`schedules/{slug}.ics` and `people/me.ics`, which whoever has the key reads; and resetting that key.

A feed takes `alarm` (15m, 2h, 1d; several may be given) and `seat`. It holds 30 days of the past and 180 days ahead.
Programs that poll get 304 while nothing changed, by `ETag` alone: a shift that was taken away leaves nothing behind
whose time a `Last-Modified` could tell.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.problems import problem
from oncall import calendars, ical, services
from oncall.api.base import find_person
from oncall.models import Person, Schedule, Shift
from oncall.requests import asker
from oncall.shifts import AHEAD

BEHIND = timedelta(days=30)


@login_not_required
@require_safe
def schedule_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    if not (reader := _reader(request)):
        return _refused()
    schedule = get_object_or_404(Schedule.objects.visible_to(reader), slug=slug)
    names = set(schedule.seats.values_list("name", flat=True))
    return _calendar(request, schedule.name, Shift.objects.filter(seat__schedule=schedule), names)


@login_not_required
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    if not (reader := _reader(request)):
        return _refused()
    return _calendar(request, f"{reader} on call", Shift.objects.filter(person=reader))


class CalendarsSerializer(serializers.Serializer):
    mine = serializers.URLField(read_only=True, help_text="Their own shifts, across schedules.")
    schedules = serializers.DictField(child=serializers.URLField(), read_only=True, help_text="By slug.")


class CalendarResetView(APIView):
    """Give out new addresses, which only they themselves are told. Those given out before are refused at once."""

    @extend_schema(
        request=None,
        responses={200: CalendarsSerializer, 204: None},
        parameters=[OpenApiParameter("person", str, "path", description="Id, e-mail address, or `me`.")],
    )
    def post(self, request: Request, person: str) -> Response:
        by = asker(request)
        owner = services.reset_calendar(person=find_person(person, by), by=by)
        return Response(_addresses(owner)) if owner == by else Response(status=204)


def _addresses(person: Person) -> dict[str, Any]:
    schedules = Schedule.objects.visible_to(person)
    return {
        "mine": calendars.person_calendar(person),
        "schedules": {schedule.slug: calendars.schedule_calendar(schedule, person) for schedule in schedules},
    }


def _reader(request: HttpRequest) -> Person | None:
    return calendars.reader_of(request.GET.get("key", ""))


def _calendar(request: HttpRequest, name: str, shifts: QuerySet[Shift], seats: Container[str] = ()) -> HttpResponse:
    try:
        alarms = ical.read_alarms(request.GET.getlist("alarm"))
    except ValueError as error:
        return _bad("alarm", str(error))
    seat, now = request.GET.get("seat", ""), timezone.now()
    if seat and seats and seat not in seats:
        return _bad("seat", f"“{seat[:30]}” is no seat of {name}; leave it out for all of them.")
    window = shifts.overlapping(now - BEHIND, now + AHEAD)  # type: ignore[attr-defined]
    rows = window.select_related("person", "seat__schedule").order_by("during", "id")
    found = [shift for shift in rows if not seat or shift.seat.name == seat]
    etag = f'"{ical.version_of(name, found, alarms)}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(ical.calendar(name, found, alarms), content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


def _bad(field: str, sentence: str) -> HttpResponse:
    return problem(400, "Bad Request", sentence, errors={field: [sentence]})


def _refused() -> HttpResponse:
    return problem(403, "Unknown key", "Take the whole address from the schedule's page, or from your profile.")
