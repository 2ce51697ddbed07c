"""My on-call: now and next, what I may give away or take, leave, how I am reached."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications import live
from notifications.refusals import carry_out, press, status_of
from oncall import mine as own
from oncall import services
from oncall.calendars import person_calendar
from oncall.forms.cover import LeaveForm
from oncall.models import Leave
from oncall.requests import asker, responders
from oncall.views.contact import reached

HERE = "oncall:mine"


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return _show(request, LeaveForm())


@require_POST
@responders
def leave_add(request: HttpRequest) -> HttpResponse:
    form = LeaveForm(request.POST)

    def add(**_: Any) -> Leave:
        return services.add_leave(person=asker(request), **form.given(), by=asker(request))

    if carry_out(form, add):
        messages.success(request, "Noted. Cover is asked for where you are on call then.")
        return redirect(HERE)
    return _show(request, form)


@require_POST
@responders
def leave_remove(request: HttpRequest, pk: int) -> HttpResponse:
    leave = get_object_or_404(
        Leave.objects.visible_to(request.user).select_related("person"), pk=pk, person=asker(request)
    )
    done = "Removed. What somebody took stays with them."
    return press(request, partial(services.remove_leave, leave=leave, by=asker(request)), done=done, to=reverse(HERE))


def _show(request: HttpRequest, form: LeaveForm) -> HttpResponse:
    person, now = asker(request), timezone.now()
    shifts = own.shifts_ahead(person)
    swaps, offers = own.own_swaps(person), list(own.offers_to(person))
    seats = [shift.seat for shift in shifts] + [swap.seat for swap in (*swaps, *offers)]
    contact = reached(request, person)
    context = {
        "check": own.check_contact(person, contact["concerns"]),
        "on_now": [shift for shift in shifts if shift.during.lower <= now],
        "next": [shift for shift in shifts if shift.during.lower > now],
        "given": [swap for swap in swaps if swap.person_id == person.pk],
        "took": [swap for swap in swaps if swap.taken_by_id == person.pk],
        "offers": offers,
        "offer": "Offer a swap" if person.is_responder else "",
        "leave": [(leave, own.days_in_words(leave)) for leave in own.leave_ahead(person)],
        "shadowing": own.shadowing(person),
        "calendar_url": person_calendar(person),
        "form": form,
        "live_token": " ".join(live.token(f"schedule:{slug}") for slug in sorted({s.schedule.slug for s in seats})),
    }
    return render(request, "oncall/mine.html", contact | context, status=status_of(form))
