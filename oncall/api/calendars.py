"""`schedules/{slug}.ics` and `people/me.ics`: whoever has the key reads them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.problems import problem
from oncall import calendars
from oncall.models import Person, Schedule, Shift
from oncall.shifts import AHEAD

BEHIND = timedelta(days=30)


@login_not_required
@require_safe
def schedule_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    if not (reader := _reader(request)):
        return _refused()
    schedule = get_object_or_404(Schedule.objects.visible_to(reader), slug=slug)
    return _calendar(schedule.name, Shift.objects.filter(seat__schedule=schedule))


@login_not_required
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    if not (reader := _reader(request)):
        return _refused()
    return _calendar(f"{reader} on call", Shift.objects.filter(person=reader))


def _reader(request: HttpRequest) -> Person | None:
    return calendars.reader_of(request.GET.get("key", ""))


def _calendar(name: str, shifts: QuerySet[Shift]) -> HttpResponse:
    now = timezone.now()
    window = shifts.overlapping(now - BEHIND, now + AHEAD)  # type: ignore[attr-defined]
    text = calendars.calendar(name, window.select_related("person", "seat__schedule").order_by("during"), now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _refused() -> HttpResponse:
    return problem(403, "Unknown key", "Take the whole address from the schedule's page, or from your profile.")
