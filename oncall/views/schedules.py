"""Schedules: who is on now and next, and the three timelines of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications import live
from notifications.models import ContactMethod
from notifications.refusals import press
from oncall import services
from oncall.board import now_and_next
from oncall.calendars import schedule_calendar
from oncall.coverage import Interval
from oncall.definition import Definition
from oncall.drawing import WEEKS, Window, draw, lane, read_window, title_of
from oncall.layer import Shift, layer_shifts
from oncall.models import Override, Person, Schedule
from oncall.models import Shift as ShiftRow
from oncall.requests import asker, responders
from oncall.rota import Rota, stored_rota
from oncall.schedule import Seat
from oncall.stored_definition import load_definition

SOON = timedelta(days=28)


@require_GET
def schedule_list(request: HttpRequest) -> HttpResponse:
    """Every schedule: who is on now, and who is next."""
    schedules = list(Schedule.objects.visible_to(request.user).prefetch_related("services"))
    boards = now_and_next(schedules)
    rows = [{"schedule": schedule, "seats": boards[schedule.pk]} for schedule in schedules]
    return render(request, "oncall/schedule_list.html", {"rows": rows, "mine": my_shifts(asker(request))})


@require_GET
def schedule_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One schedule over one, two or four weeks: final shifts, layers by seat, overrides."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    window = read_window(request.GET)
    definition = load_definition(schedule)
    rota = stored_rota(schedule, window.since, window.until)
    overrides = overrides_of(schedule, window)
    context = {
        "schedule": schedule,
        "window": window,
        "weeks": WEEKS,
        "seats": now_and_next([schedule])[schedule.pk],
        "rota": rota,
        "pictures": pictures(schedule, definition, rota, window),
        "rows": table(rota),
        "overrides": overrides,
        "mine": my_shifts(asker(request), schedule),
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


def pictures(schedule: Schedule, definition: Definition, rota: Rota, window: Window) -> list[dict[str, Any]]:
    """The three timelines on one axis; a gap leads to the form that fills it."""
    names = names_of(definition) | {email: person.name for email, person in rota.people.items()}
    fill = reverse("oncall:override", args=[schedule.slug])
    since, until = window.since, window.until
    final = [
        lane(title_of(seat.name), seat.name, seat.shifts, names, gaps=seat.gaps, fill=_filler(fill, seat.name))
        for seat in rota.seats
    ]
    layers = [
        lane(_layer_title(seat.name, number, len(seat.layers)), seat.name, layer_shifts(layer, since, until), names)
        for seat in definition.seats
        for number, layer in enumerate(seat.layers, 1)
    ]
    taken = [
        lane(title_of(seat.name), seat.name, held, names) for seat, held in _overrides_by_seat(definition, since, until)
    ]
    return [
        {"title": title, "svg": draw(rows, window, f"{schedule}, {title.lower()}")} if rows else {"title": title}
        for title, rows in (("Final shifts", final), ("Layers", layers), ("Overrides", taken))
    ]


def names_of(definition: Definition) -> dict[str, str]:
    """Names by e-mail address, of everybody a definition names."""
    emails = {
        email for seat in definition.seats for layer in seat.layers for group in layer.participants for email in group
    }
    emails |= {email for seat in definition.seats for override in seat.overrides for email in override.people}
    return dict(Person.objects.filter(email__in=emails).values_list("email", "name"))


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


def overrides_of(schedule: Schedule, window: Window) -> list[Override]:
    """Overrides that can still be removed, and those of the window."""
    found = Override.objects.filter(seat__schedule=schedule, end__gt=min(window.since, timezone.now()))
    return list(found.select_related("seat", "created_by").prefetch_related("people").order_by("start"))


def my_shifts(person: Person, schedule: Schedule | None = None) -> list[ShiftRow]:
    """This person's shifts that run now or begin within four weeks."""
    now = timezone.now()
    mine = ShiftRow.objects.overlapping(now, now + SOON).filter(person=person)
    if schedule:
        mine = mine.filter(seat__schedule=schedule)
    return list(mine.select_related("seat__schedule").order_by("during")[:8])


def unreachable(schedule: Schedule) -> list[Person]:
    """Those on call within four weeks whom nothing would reach."""
    now = timezone.now()
    shifts = ShiftRow.objects.overlapping(now, now + SOON).filter(seat__schedule=schedule)
    working = ContactMethod.objects.filter(person=OuterRef("pk"), refused_at=None)
    return list(Person.objects.filter(~Exists(working), pk__in=shifts.values("person")))


def _layer_title(seat: str, number: int, layers: int) -> str:
    return f"{title_of(seat)}, layer {number}" if layers > 1 else title_of(seat)


def _overrides_by_seat(definition: Definition, since: datetime, until: datetime) -> list[tuple[Seat, list[Shift]]]:
    found = []
    for seat in definition.seats:
        held = [o for o in seat.overrides if o.start < until and o.end > since]
        if held:
            found.append((seat, [Shift(o.start, o.end, o.people, overridden=True) for o in held]))
    return found


def _filler(path: str, seat: str) -> Any:
    def link(gap: Interval) -> str:
        return f"{path}?{urlencode({'seat': seat, 'start': gap.start.isoformat(), 'end': gap.end.isoformat()})}"

    return link
