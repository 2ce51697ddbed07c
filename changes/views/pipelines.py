"""How the delivery pipelines are doing: all of them, and one with its runs and its limit."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes import red
from changes.forms.pipelines import PipelineForm
from changes.health import USUAL_WINDOW, WINDOWS, Health, health
from changes.models import Pipeline, PipelineRun
from notifications.refusals import carry_out, status_of
from oncall.requests import asker, responders

PER_PAGE = 30


@require_GET
def pipelines(request: HttpRequest) -> HttpResponse:
    """Each pipeline with its figures, those that are red first."""
    found = Pipeline.objects.visible_to(request.user).select_related("service")
    in_order = found.order_by(F("red_since").asc(nulls_last=True), "name", "repository")
    page = Paginator(in_order, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _health(request, list(page)), **_window(request)}
    return render(request, "changes/pipeline_list.html", context)


@require_GET
def pipeline(request: HttpRequest, pk: int) -> HttpResponse:
    """One pipeline: its figures, its runs on a time axis, and one by one."""
    found = _pipeline(request, pk)
    [shown] = _health(request, [found])
    runs = PipelineRun.objects.visible_to(request.user).of(found)
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"pipeline": found, "health": shown, "page": page, **_window(request)}
    return render(request, "changes/pipeline_detail.html", context)


@require_http_methods(["GET", "POST"])
@responders
def pipeline_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """For how long it may be red, which branch counts, and whose it is."""
    found = _pipeline(request, pk)
    form = PipelineForm(request.POST or None, initial=PipelineForm.initial_of(found))
    if request.method == "POST" and carry_out(form, partial(red.configure, pipeline=found, by=asker(request))):
        messages.success(request, "The pipeline is changed.")
        return redirect("changes:pipeline", pk)
    return render(request, "changes/pipeline_form.html", {"form": form, "pipeline": found}, status=status_of(form))


def _pipeline(request: HttpRequest, pk: int) -> Pipeline:
    return get_object_or_404(Pipeline.objects.visible_to(request.user).select_related("service"), pk=pk)


def _window(request: HttpRequest) -> dict[str, object]:
    asked = request.GET.get("window", "")
    return {"windows": WINDOWS, "window": asked if asked in WINDOWS else USUAL_WINDOW}


def _health(request: HttpRequest, found: list[Pipeline]) -> list[Health]:
    window: timedelta = WINDOWS.get(request.GET.get("window", ""), WINDOWS[USUAL_WINDOW])
    now = timezone.now()
    return health(found, visible=PipelineRun.objects.visible_to(request.user), since=now - window, until=now)
