"""The rules of an integration: edited, put in order, and tried before they are saved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from notifications.errors import InvalidInput
from notifications.models import Integration
from oncall import services
from oncall.forms.rules import RulesEditor, editor_of, read_editor
from oncall.mapping import FIELDS, LABEL, read_rules
from oncall.models import Service
from oncall.requests import administrators, asker


@require_http_methods(["GET", "POST"])
@administrators
def rules_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A button of the form changes or tries what stands in it, and saves nothing; only Save does."""
    integration = get_object_or_404(Integration, pk=pk)
    if request.method == "GET":
        editor = editor_of(read_rules(integration.rules), request.GET.dict())
    else:
        editor = read_editor(request.POST)
        act = request.POST.get("act", "")
        if act and editor.act(act) == "try":
            editor.what_would_this_say(integration)
        if not act and _save(request, integration, editor):
            messages.success(request, "The rules are saved. What waits for a service is looked at again.")
            return redirect("oncall:integration", integration.pk)
    context = {
        "integration": integration,
        "editor": editor,
        "fields": [*FIELDS, f"{LABEL}team"],
        "services": Service.objects.visible_to(request.user),
    }
    return render(request, "oncall/integration_rules.html", context, status=422 if editor.is_refused else 200)


def _save(request: HttpRequest, integration: Integration, editor: RulesEditor) -> bool:
    editor.drop_empty()
    try:
        services.update_integration(integration=integration, rules=editor.rules, by=asker(request))
    except InvalidInput as refusal:
        editor.explain(refusal)
        return False
    return True
