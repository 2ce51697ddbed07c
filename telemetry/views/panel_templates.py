"""Settings: panels that every service has."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall.requests import administrators, asker
from telemetry.models import PanelTemplate
from telemetry.panel_forms import PanelTemplateForm
from telemetry.panel_templates import delete_panel_template, save_panel_template


@require_GET
@administrators
def template_list(request: HttpRequest) -> HttpResponse:
    templates = PanelTemplate.objects.visible_to(request.user)
    return render(request, "telemetry/panel_template_list.html", {"templates": templates})


@require_http_methods(["GET", "POST"])
@administrators
def template_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@administrators
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _template(request, pk))


@require_POST
@administrators
def template_delete(request: HttpRequest, pk: int) -> HttpResponse:
    template = _template(request, pk)
    return press(
        request,
        partial(delete_panel_template, template=template, by=asker(request)),
        done=f"{template} is deleted; what incidents have kept of it stays.",
        to=reverse("telemetry:panel-templates"),
    )


def _template(request: HttpRequest, pk: int) -> PanelTemplate:
    found: PanelTemplate = get_object_or_404(PanelTemplate.objects.visible_to(request.user), pk=pk)
    return found


def _edit(request: HttpRequest, template: PanelTemplate | None) -> HttpResponse:
    initial = PanelTemplateForm.initial_of(template) if template else None
    form = PanelTemplateForm(request.POST or None, initial=initial)
    save = partial(save_panel_template, template=template, by=asker(request))
    if request.method == "POST" and (saved := carry_out(form, save)):
        messages.success(request, f"{saved} is saved: every service without a panel of that name has it.")
        return redirect("telemetry:panel-templates")
    context = {"form": form, "template": template}
    return render(request, "telemetry/panel_template_form.html", context, status=status_of(form))
