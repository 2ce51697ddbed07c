"""How the delivery pipelines are doing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from changes.health import health
from changes.models import PipelineRun

PER_PAGE = 30


@require_GET
def pipelines(request: HttpRequest) -> HttpResponse:
    """Each pipeline's last runs in a line, and below them the runs one by one."""
    visible = PipelineRun.objects.visible_to(request.user)
    runs = visible.select_related("service")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "changes/pipeline_list.html", {"health": health(visible), "page": page})
