"""Settings: the taxonomy of contributing factors."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request, administrators
from postmortems.forms.templates import FactorForm
from postmortems.models import Factor
from postmortems.services import taxonomy as services

ACTS = {
    "retire": (services.retire_factor, "{} is offered no more; what it was found in keeps it."),
    "restore": (services.restore_factor, "{} is offered again."),
}


@require_http_methods(["GET", "POST"])
@administrators
def listing(request: Request) -> HttpResponse:
    """POST adds a factor."""
    form = FactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (saved := carry_out(form, partial(services.save_factor, by=request.user))):
        messages.success(request, f"{saved.name} is added.")
        return redirect("postmortems:taxonomy")
    every = list(Factor.objects.annotate(found=Count("findings")).order_by("name"))
    context = {
        "factors": [one for one in every if one.retired_at is None],
        "retired": [one for one in every if one.retired_at],
        "form": form,
    }
    return render(request, "postmortems/taxonomy.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def edit(request: Request, key: str) -> HttpResponse:
    factor = get_object_or_404(Factor, key=key)
    initial = {"name": factor.name, "description": factor.description}
    form = FactorForm(request.POST if request.method == "POST" else None, initial=initial)
    save = partial(services.save_factor, factor=factor, by=request.user)
    if request.method == "POST" and carry_out(form, save):
        return redirect("postmortems:taxonomy")
    context = {"form": form, "factor": factor}
    return render(request, "postmortems/factor_form.html", context, status=status_of(form))


@require_POST
@administrators
def act(request: Request, key: str, what: str) -> HttpResponse:
    factor = get_object_or_404(Factor, key=key)
    do, done = ACTS[what]
    to = reverse("postmortems:taxonomy")
    return press(request, partial(do, factor=factor, by=request.user), done=done.format(factor.name), to=to)
