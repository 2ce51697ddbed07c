"""The ledger: its list, one change with its entries, and the latest changes of a service."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from changes.code import brought_by
from changes.filters import ChangeFilter
from changes.models import Change
from oncall.models import Service

PER_PAGE = 50
LATEST = 10


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """Everything recorded, the newest first, narrowed by the query."""
    visible = Change.objects.visible_to(request.user).select_related("service")
    narrowed = ChangeFilter(request.GET, visible)
    context = {
        "page": Paginator(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
        "services": Service.objects.visible_to(request.user),
        "environments": visible.order_by("environment").values_list("environment", flat=True).distinct(),
        "unmatched": visible.unmatched().count(),
    }
    return render(request, "changes/change_list.html", context)


@require_GET
def change_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it adds up to, and the entries it is made of."""
    visible = Change.objects.visible_to(request.user).select_related("service", "integration")
    change = get_object_or_404(visible, pk=pk)
    context = {"change": change, "entries": change.entries.all(), "brought": brought_by(change)}
    return render(request, "changes/change_detail.html", context)


@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """Fragment: the latest changes of a service."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    changes = Change.objects.visible_to(request.user).filter(service=service)[:LATEST]
    return render(request, "changes/_of_service.html", {"service": service, "changes": changes})
