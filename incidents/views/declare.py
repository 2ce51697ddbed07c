"""Pulling the cord from the web."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from incidents import services
from incidents.forms import DeclareForm
from incidents.models import Incident
from incidents.severity import SEVERITIES
from notifications.refusals import carry_out, status_of
from oncall.maintenance import by_service, sentence
from oncall.models import Service
from oncall.requests import Request

PREFILLED = ("title", "severity", "summary", "practice")
"""What an address may fill in."""


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: Request) -> HttpResponse:
    """One field is enough. The form carries a nonce, so that sending it twice makes one incident."""
    catalogue = Service.objects.visible_to(request.user).order_by("tier", "name")
    if request.method != "POST":
        asked = {name: request.GET[name] for name in PREFILLED if name in request.GET}
        return _show(request, DeclareForm(initial=asked | _chosen(request), services=catalogue))
    form = DeclareForm(request.POST, services=catalogue)

    def do(nonce: str, severity: str, **given: Any) -> Incident:
        key = f"web:{request.user.pk}:{nonce}" if nonce else ""
        incident, _ = services.declare(
            **given, severity=severity or "sev3", dedup_key=key, source="web", by=request.user
        )
        return incident

    declared = carry_out(form, do)
    return redirect(declared) if declared else _show(request, form)


def _chosen(request: Request) -> dict[str, list[str]]:
    return {"services": request.GET.getlist("service")} if "service" in request.GET else {}


def _maintenance(catalogue: QuerySet[Service]) -> list[str]:
    """A sentence for each service whose alerts page nobody now; whoever declares is heard."""
    windows = by_service(catalogue.values_list("pk", flat=True))
    return [sentence([service.name], windows[service.pk]) for service in catalogue.filter(pk__in=windows)]


def _show(request: Request, form: DeclareForm) -> HttpResponse:
    context = {
        "form": form,
        "severities": list(SEVERITIES.values()),
        "severity": form["severity"].value() or "sev3",
        "chosen": {str(slug) for slug in form["services"].value() or []},
        "catalogue": form.fields["services"].queryset,  # type: ignore[attr-defined]
        "maintenance": _maintenance(form.fields["services"].queryset),  # type: ignore[attr-defined]
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, "incidents/incident_declare.html", context, status=status_of(form))
