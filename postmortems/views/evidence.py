"""Timeline, factors and reviewers of a post-mortem: rows that are added and taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from incidents.models import TimelineEntry
from notifications.refusals import carry_out, press
from oncall.requests import Request
from postmortems import services
from postmortems.forms.postmortems import FactorForm, MomentForm, ReviewerForm, SignOffForm
from postmortems.models import CuratedEntry, FactorFinding, Postmortem, Review
from postmortems.views.base import postmortem_or_404
from postmortems.views.postmortem import page
from postmortems.views.tabs import tabs


def _at(postmortem: Postmortem, anchor: str) -> str:
    return f"{postmortem.get_absolute_url()}#{anchor}"


def timeline(request: Request, number: int) -> HttpResponse:
    """Choose from the incidents' entries: those ticked stand in the post-mortem."""
    postmortem = postmortem_or_404(request, number)
    entries = list(
        TimelineEntry.objects.visible_to(request.user)
        .filter(incident__in=postmortem.incidents.all())
        .select_related("incident", "actor")
    )
    picked = set(CuratedEntry.objects.filter(postmortem=postmortem).values_list("entry_id", flat=True))
    if request.method == "POST":
        wanted = {int(value) for value in request.POST.getlist("entry") if value.isdecimal()}
        return press(
            request,
            lambda: _choose(postmortem, entries, picked, wanted, request.user),
            done="The timeline is as you chose it.",
            to=_at(postmortem, "s-timeline"),
        )
    context = {"postmortem": postmortem, "entries": entries, "picked": picked, "tabs": tabs(postmortem, "Timeline")}
    return render(request, "postmortems/timeline_choose.html", context)


@transaction.atomic
def _choose(postmortem: Postmortem, entries: list[TimelineEntry], picked: set[int], wanted: set[int], by: Any) -> None:
    for entry in entries:
        if entry.pk in wanted - picked:
            services.curate(postmortem=postmortem, entry=entry, by=by)
        if entry.pk in picked - wanted:
            services.uncurate(postmortem=postmortem, entry=entry, by=by)


def moment(request: Request, number: int, entry: int) -> HttpResponse:
    """How one entry stands there: its phase, whether it turned things, how it looked then."""
    postmortem = postmortem_or_404(request, number)
    picked = get_object_or_404(CuratedEntry.objects.select_related("entry"), postmortem=postmortem, entry=entry)
    initial = {"phase": picked.phase, "key_moment": picked.key_moment, "how_it_looked": picked.how_it_looked}
    form = MomentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and carry_out(
        form, partial(services.curate, postmortem=postmortem, entry=picked.entry, by=request.user)
    ):
        return redirect(_at(postmortem, f"moment-{entry}"))
    context = {"postmortem": postmortem, "picked": picked, "form": form}
    return render(request, "postmortems/moment_edit.html", context, status=422 if form.errors else 200)


@require_POST
def leave_out(request: Request, number: int, entry: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    picked = get_object_or_404(CuratedEntry.objects.select_related("entry"), postmortem=postmortem, entry=entry)
    return press(
        request,
        partial(services.uncurate, postmortem=postmortem, entry=picked.entry, by=request.user),
        done="Left out here; it stays on the incident's timeline.",
        to=_at(postmortem, "s-timeline"),
    )


@require_POST
def add_factor(request: Request, number: int, kind: str) -> HttpResponse:
    """`kind`: contributing or mitigating."""
    postmortem = postmortem_or_404(request, number)
    form = FactorForm(request.POST, prefix=kind)
    if carry_out(form, partial(services.add_factor, postmortem=postmortem, by=request.user)):
        return redirect(_at(postmortem, "s-factors" if kind == "contributing" else "s-mitigators"))
    refused: dict[str, Any] = {f"{kind}_form": form}
    return page(request, postmortem, status=422, **refused)


@require_POST
def remove_factor(request: Request, number: int, finding: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(FactorFinding.objects.select_related("factor"), postmortem=postmortem, pk=finding)
    return press(
        request,
        partial(services.remove_factor, finding=found, by=request.user),
        done=f"“{found.factor}” is taken back.",
        to=_at(postmortem, "s-factors"),
    )


@require_POST
def factor_fixed(request: Request, number: int, finding: int) -> HttpResponse:
    """It contributes no more, or does again; also after publishing."""
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(FactorFinding, postmortem=postmortem, pk=finding)
    fixed = request.POST.get("fixed") == "yes"
    return press(
        request,
        partial(services.edit_factor, finding=found, fixed=fixed, by=request.user),
        done="Kept: it contributes no more." if fixed else "Kept: it still contributes.",
        to=_at(postmortem, "s-factors"),
    )


@require_POST
def ask_reviewer(request: Request, number: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    form = ReviewerForm(request.POST, prefix="reviewer")
    if carry_out(form, partial(services.ask_reviewer, postmortem=postmortem, by=request.user)):
        return redirect(_at(postmortem, "s-review"))
    return page(request, postmortem, reviewer_form=form, status=422)


@require_POST
def remove_reviewer(request: Request, number: int, review: int) -> HttpResponse:
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(Review.objects.select_related("person"), postmortem=postmortem, pk=review)
    return press(
        request,
        partial(services.remove_reviewer, review=found, by=request.user),
        done=f"{found.person} is asked no more.",
        to=_at(postmortem, "s-review"),
    )


@require_POST
def sign_off(request: Request, number: int) -> HttpResponse:
    """My side stands behind the text as it is now."""
    postmortem = postmortem_or_404(request, number)
    form = SignOffForm(request.POST, prefix="sign")
    if carry_out(form, partial(services.sign_off, postmortem=postmortem, by=request.user)):
        return redirect(_at(postmortem, "s-review"))
    return page(request, postmortem, sign_off_form=form, status=422)
