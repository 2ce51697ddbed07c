"""Freezes: what holds, what is to come, what was; making, changing and lifting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changes.forms.policy import FreezeForm, freeze_initial, new_freeze
from changes.gate import weekly
from changes.gate.freezes import lift_freeze, save_freeze
from changes.gate.gathering import freeze_facts
from changes.gate.windows import coming, holding
from changes.models import Freeze
from notifications.refusals import carry_out, press, status_of
from oncall.querysets import VisibleToMembers
from oncall.requests import asker, responders

AHEAD = timedelta(days=400)
MOST_PAST = 20


@dataclass(frozen=True)
class Shown:
    """A freeze as the page shows it: until when it holds, or when it begins next; `every` in words, "" for once."""

    freeze: Freeze
    until: datetime | None
    begins: datetime | None
    every: str

    @property
    def state(self) -> str:
        """`holds`, `coming` or `over`."""
        return "holds" if self.until else "coming" if self.begins else "over"


@require_GET
def freeze_list(request: HttpRequest) -> HttpResponse:
    """Those that hold first, then those to come, then what is over or lifted."""
    shown = [_shown(freeze) for freeze in _freezes(request)]
    past = [one for one in shown if one.state == "over"]
    context = {
        "now": [one for one in shown if one.state == "holds"],
        "later": sorted((one for one in shown if one.state == "coming"), key=lambda one: str(one.begins)),
        "past": past[:MOST_PAST],
    }
    return render(request, "changes/freeze_list.html", context)


@require_http_methods(["GET", "POST"])
@responders
def freeze_new(request: HttpRequest) -> HttpResponse:
    form = FreezeForm(request.POST or None, initial=new_freeze())
    if request.method == "POST" and carry_out(form, partial(save_freeze, by=asker(request))):
        messages.success(request, "The freeze is made. A rollback passes all the same.")
        return redirect("changes:freezes")
    return render(request, "changes/freeze_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@responders
def freeze_edit(request: HttpRequest, pk: int) -> HttpResponse:
    freeze = get_object_or_404(_freezes(request).filter(lifted_at=None), pk=pk)
    form = FreezeForm(request.POST or None, initial=freeze_initial(freeze))
    if request.method == "POST" and carry_out(form, partial(save_freeze, freeze=freeze, by=asker(request))):
        messages.success(request, "The freeze is changed.")
        return redirect("changes:freezes")
    return render(request, "changes/freeze_form.html", {"form": form, "freeze": freeze}, status=status_of(form))


@require_POST
@responders
def freeze_lift(request: HttpRequest, pk: int) -> HttpResponse:
    freeze = get_object_or_404(_freezes(request), pk=pk)
    lift = partial(lift_freeze, freeze=freeze, by=asker(request))
    return press(request, lift, done="The freeze is lifted.", to=reverse("changes:freezes"))


def _freezes(request: HttpRequest) -> VisibleToMembers:
    visible = Freeze.objects.visible_to(request.user).order_by("-created_at", "-pk")
    return visible.select_related("created_by").prefetch_related("services")


def _shown(freeze: Freeze) -> Shown:
    facts, now = freeze_facts(freeze), timezone.now()
    every = "; ".join(f"{weekly.words(window)} {freeze.timezone}" for window in freeze.windows)
    if freeze.lifted_at:
        return Shown(freeze, None, None, every)
    held = holding(facts, now)
    following = next((one.start for one in coming(facts, now, now + AHEAD) if one.start > now), None)
    return Shown(freeze, held.end if held else None, following, every)
