"""Factors and reviewers of a post-mortem: rows that are added and taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from notifications.refusals import carry_out, press
from oncall.models import Person
from oncall.requests import Request
from postmortems import services
from postmortems.forms.postmortems import FactorForm, ReviewerForm, SignOffForm
from postmortems.models import FactorFinding, Postmortem, Review
from postmortems.views.base import number_in, postmortem_or_404
from postmortems.views.postmortem import page


def _at(postmortem: Postmortem, anchor: str) -> str:
    return f"{postmortem.get_absolute_url()}#{anchor}"


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
def ask_instead(request: Request, number: int, review: int) -> HttpResponse:
    """One click on somebody who could sign in the place of one who can no more."""
    postmortem = postmortem_or_404(request, number)
    found = get_object_or_404(Review.objects.select_related("person"), postmortem=postmortem, pk=review)
    given = request.POST.get("person", "")
    person = get_object_or_404(Person.objects.active(), pk=number_in(given))
    return press(
        request,
        partial(services.ask_instead, review=found, person=person, by=request.user),
        done=f"{person} is asked in place of {found.person}.",
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
