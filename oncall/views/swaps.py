"""Swaps: offered from one's own shift, taken with one button, taken back or given back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import live
from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.cover import SwapForm, suggested_part
from oncall.mine import shifts_ahead
from oncall.models import Person, Schedule, Swap
from oncall.previews import if_covered
from oncall.requests import asker, responders
from oncall.standing import elsewhere, this_second
from oncall.views.schedules import MOST_SHIFTS


@require_http_methods(["GET", "POST"])
@responders
def swap_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer a shift of one's own, or a part of one."""
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
    mine = shifts_ahead(asker(request), schedule, most=MOST_SHIFTS)
    form = SwapForm(schedule, request.POST or None, initial=suggested_part(request.GET, next(iter(mine), None)))

    def offer(**given: Any) -> Swap:
        return services.offer_swap(person=asker(request), **given, by=asker(request))

    if request.method == "POST" and (made := carry_out(form, offer)):
        messages.success(request, "Offered. Those who may take it are told.")
        return redirect(swap_url(made))
    context = {"form": form, "schedule": schedule, "shifts": mine}
    return render(request, "oncall/swap_form.html", context, status=status_of(form))


@require_GET
def swap_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One swap: what it changes for whom, and the one button that fits."""
    swap, viewer = _swap(request, slug, pk), asker(request)
    now = this_second()
    context = {
        "swap": swap,
        "schedule": swap.seat.schedule,
        "is_over": swap.end <= now,
        "length": swap.end - swap.start,
        "may_take": may_take(swap, viewer),
        "take_back_ask": f"{swap.taken_by} is no longer on call then, and you are.",
        "give_back_ask": f"{swap.person} is on call again, unless somebody else takes it.",
        "may_take_back": viewer.is_responder and swap.person == viewer and _stands(swap),
        "may_give_back": viewer == swap.taken_by and swap.state == Swap.State.TAKEN and swap.start > now,
        "elsewhere": elsewhere(viewer, swap.seat, swap.start, swap.end) if may_take(swap, viewer) else [],
        "live_token": live.token(f"schedule:{slug}"),
    }
    if context["may_take"]:
        context |= if_covered(swap.seat, swap.person, viewer, max(swap.start, now), swap.end)
    return render(request, "oncall/swap_detail.html", context)


@require_POST
@responders
def swap_take(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _press(request, slug, pk, services.take_swap, "It is yours now. The schedule is changed.")


@require_POST
@responders
def swap_take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _press(request, slug, pk, services.take_back, "It is yours again.")


@require_POST
@responders
def swap_give_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _press(request, slug, pk, services.give_back, "Given back. Others are asked again.")


def swap_url(swap: Swap) -> str:
    return reverse("oncall:swap", args=[swap.seat.schedule.slug, swap.pk])


def may_take(swap: Swap, viewer: Person) -> bool:
    """Whether the button to take it is theirs to press."""
    return (
        viewer.is_responder
        and viewer != swap.person
        and swap.state in (Swap.State.OPEN, Swap.State.EXPIRED)
        and swap.end > timezone.now()
    )


def _stands(swap: Swap) -> bool:
    """Whether there is something left to take back."""
    return swap.state in (Swap.State.OPEN, Swap.State.EXPIRED, Swap.State.TAKEN) and swap.end > timezone.now()


def _swap(request: HttpRequest, slug: str, pk: int) -> Swap:
    swaps = Swap.objects.visible_to(request.user).select_related("seat__schedule", "person", "taken_by")
    return get_object_or_404(swaps, pk=pk, seat__schedule__slug=slug)


def _press(request: HttpRequest, slug: str, pk: int, do: Callable[..., Any], done: str) -> HttpResponse:
    swap = _swap(request, slug, pk)
    return press(request, partial(do, swap=swap, by=asker(request)), done=done, to=swap_url(swap))
