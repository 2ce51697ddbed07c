"""Schedules: who is on now and next, and the three timelines of one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications import live
from notifications.refusals import press
from oncall import services
from oncall.agreed import Agreed
from oncall.board import now_and_next
from oncall.calendars import schedule_calendar
from oncall.checks.contact_check import working
from oncall.drawing import WEEKS, read_window
from oncall.mine import shifts_ahead
from oncall.models import Person, Schedule, Shift
from oncall.previews import names_of
from oncall.requests import asker, responders
from oncall.rota import Rota, stored_rota
from oncall.stored_definition import load_definition
from oncall.timelines import Timelines

SOON = timedelta(days=28)
MOST_SHIFTS = 8


@require_GET
def schedule_list(request: HttpRequest) -> HttpResponse:
    """Every schedule: who is on now, and who is next."""
    schedules = list(Schedule.objects.visible_to(request.user).prefetch_related("services"))
    boards = now_and_next(schedules)
    rows = [{"schedule": schedule, "seats": boards[schedule.pk]} for schedule in schedules]
    mine = shifts_ahead(asker(request), most=MOST_SHIFTS)
    return render(request, "oncall/schedule_list.html", {"rows": rows, "mine": mine})


@require_GET
def schedule_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One schedule over one, two or four weeks: final shifts, layers by seat, overrides."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    window = read_window(request.GET)
    definition = load_definition(schedule)
    rota = stored_rota(schedule, window.since, window.until)
    agreed = Agreed.of(schedule, window)
    drawn = Timelines(schedule, definition, rota, window, asker(request), names_of(definition), agreed)
    context = {
        "schedule": schedule,
        "window": window,
        "weeks": WEEKS,
        "seats": now_and_next([schedule])[schedule.pk],
        "pictures": drawn.draw(),
        "rows": table(rota),
        **agreed.lists(),
        "mine": shifts_ahead(asker(request), schedule, most=MOST_SHIFTS),
        "offer": "Offer a swap" if asker(request).is_responder else "",
        "unreachable": unreachable(schedule),
        "services": schedule.services.all(),
        "calendar_url": schedule_calendar(schedule, asker(request)),
        "live_token": live.token(f"schedule:{schedule.slug}"),
    }
    return render(request, "oncall/schedule_detail.html", context)


@require_POST
@responders
def schedule_delete(request: HttpRequest, slug: str) -> HttpResponse:
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    return press(
        request,
        partial(services.delete_schedule, schedule=schedule, by=asker(request)),
        done=f"{schedule} is deleted.",
        to=reverse("oncall:schedules"),
        back=schedule_url(schedule),
    )


def schedule_url(schedule: Schedule) -> str:
    return reverse("oncall:schedule", args=[schedule.slug])


def table(rota: Rota) -> list[dict[str, Any]]:
    """The final shifts and gaps in words, by time."""
    rows = [
        {
            "seat": seat.name,
            "people": [rota.people[email] for email in shift.people],
            "start": shift.start,
            "end": shift.end,
            "overridden": shift.overridden,
        }
        for seat in rota.seats
        for shift in seat.shifts
    ]
    gaps = [{"seat": seat.name, "start": gap.start, "end": gap.end} for seat in rota.seats for gap in seat.gaps]
    return sorted([*rows, *gaps], key=lambda row: (row["start"], row["seat"]))


def unreachable(schedule: Schedule) -> list[Person]:
    """Those on call within four weeks whom nothing would reach."""
    now = timezone.now()
    shifts = Shift.objects.overlapping(now, now + SOON).filter(seat__schedule=schedule)
    reached = working(now).filter(person=OuterRef("pk"))
    return list(Person.objects.filter(~Exists(reached), pk__in=shifts.values("person")))
