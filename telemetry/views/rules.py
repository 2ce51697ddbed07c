"""What alerts of a service lead to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from notifications.errors import Forbidden, InvalidInput
from oncall.models import Service
from oncall.requests import asker
from telemetry.forms import RuleFormSet, TryOutForm, initial_from, rules_from
from telemetry.rules import replace_rules, rules_of
from telemetry.severity import DEFAULT_RULES, Rule, decide


@require_http_methods(["GET", "POST"])
def alert_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, as a page or as a fragment of one; POST replaces the rules. `?labels=` tries them out."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    rules = rules_of(service)
    formset = RuleFormSet(request.POST or None, initial=initial_from(rules), prefix="rules")
    refusal = ""
    if request.method == "POST" and formset.is_valid():
        try:
            replace_rules(service=service, rules=rules_from(formset), by=asker(request))
        except (Forbidden, InvalidInput) as error:
            refusal = str(error)
        else:
            messages.success(request, f"Alerts of {service} follow these rules from now on.")
            return redirect("telemetry:alert-rules", slug=service.slug)
    context = {
        "service": service,
        "rules": rules,
        "formset": formset,
        "default": rules is DEFAULT_RULES,
        "refusal": refusal,
        **_try_out(request, rules),
    }
    template = "telemetry/_alert_rules.html" if "HX-Request" in request.headers else "telemetry/alert_rules.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _try_out(request: HttpRequest, rules: tuple[Rule, ...]) -> dict[str, Any]:
    """The form for it, and what the rules decide about the labels in the address."""
    form = TryOutForm(request.GET if "labels" in request.GET else None)
    decision = decide(form.cleaned_data["labels"], rules) if form.is_bound and form.is_valid() else None
    return {"try_out": form, "decision": decision}
