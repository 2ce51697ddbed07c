"""The ledger: its list, one change with its entries, recording one by hand, and the latest changes of a service."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from changes.code import brought_by
from changes.filters import ChangeFilter
from changes.forms.ledger import ManualChangeForm
from changes.manual import record_manually
from changes.models import Change, PipelineRun
from changes.querysets import ChangeQuerySet
from changes.seals import standing
from notifications.pagination import LongList
from notifications.refusals import carry_out, status_of
from oncall.models import Person, Service
from oncall.requests import asker, responders

PER_PAGE = 50
LATEST = 10
RECENT = 2_000  # changes whose environments are offered to choose from


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """Everything recorded, the newest first, narrowed by the query."""
    visible = Change.objects.visible_to(request.user).select_related("service")
    narrowed = ChangeFilter(request.GET, visible)
    context = {
        "page": LongList(narrowed.qs, PER_PAGE).get_page(request.GET.get("page")),
        "form": narrowed.form,
        "narrowed": any(request.GET.get(name) for name in narrowed.filters),
        "services": Service.objects.visible_to(request.user),
        "environments": _environments(visible),
        "unmatched": visible.unmatched().exists(),
        "sealed": standing(),
        "asked": _asked(request),
    }
    return render(request, "changes/change_list.html", context)


@require_GET
def change_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what it adds up to, and the entries it is made of."""
    visible = Change.objects.visible_to(request.user).select_related("service", "integration")
    change = get_object_or_404(visible, pk=pk)
    context = {
        "change": change,
        "entries": change.entries.select_related("seal"),
        "checks": change.gate_checks.visible_to(request.user),
        "runs": PipelineRun.objects.visible_to(request.user).that_built(change)[:LATEST],
        "brought": brought_by(change),
    }
    return render(request, "changes/change_detail.html", context)


@require_http_methods(["GET", "POST"])
@responders
def change_new(request: HttpRequest) -> HttpResponse:
    """Record a change that no sender tells of; `service` says of which the form begins."""
    begun = ManualChangeForm.begun(request.GET.get("service", ""))
    form = ManualChangeForm(request.POST or None, initial=begun)
    if request.method == "POST" and (change := carry_out(form, _record(asker(request)))):
        messages.success(request, "The change is in the ledger.")
        return redirect("changes:detail", change.pk)
    return render(request, "changes/change_form.html", {"form": form}, status=status_of(form))


@require_GET
def of_service(request: HttpRequest, slug: str) -> HttpResponse:
    """Fragment: the latest changes of a service."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    changes = Change.objects.visible_to(request.user).filter(service=service)[:LATEST]
    return render(request, "changes/_of_service.html", {"service": service, "changes": changes})


def _record(by: Person) -> Any:
    def record(*, service: Service, emergency: bool, **given: Any) -> Change:
        return record_manually(by=by, service=service.slug, given=given | {"type": "emergency" if emergency else ""})

    return record


def _environments(visible: ChangeQuerySet) -> list[str]:
    """Those of the latest changes: to look at a million of them for every page would take a second."""
    latest = visible.order_by("-started_at", "-pk").values("environment")[:RECENT]
    return sorted({row["environment"] for row in latest})


def _asked(request: HttpRequest) -> str:
    """The filters chosen, as a query for the export."""
    chosen = request.GET.copy()
    chosen.pop("page", None)
    for name in [name for name in chosen if name not in ChangeFilter.base_filters or not chosen[name]]:
        del chosen[name]
    return chosen.urlencode()
