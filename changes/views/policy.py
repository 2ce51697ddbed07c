"""Policy: standard changes and what guards security, made and changed by administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changes.forms.policy import GuardForm, TemplateForm, guard_initial, template_initial
from changes.gate.policy import retire_guard, retire_template, save_guard, save_template
from changes.gate.suspending import latest_changes, resume_template, suspend_template
from changes.models import ChangeTemplate, Guard
from notifications.refusals import carry_out, press, status_of
from oncall.querysets import VisibleToMembers
from oncall.requests import administrators, asker, responders


@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """Every template and guard, the suspended ones first."""
    context = {"templates": _templates(request).order_by("suspended_at", "name"), "guards": _guards(request)}
    return render(request, "changes/policy.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def template_new(request: HttpRequest) -> HttpResponse:
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and carry_out(form, partial(save_template, by=asker(request))):
        messages.success(request, "What fits this template passes from now on.")
        return redirect("changes:policy")
    return render(request, "changes/template_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One template: how its changes went, and for administrators its form."""
    template = get_object_or_404(_templates(request), pk=pk)
    form = TemplateForm(request.POST or None, initial=template_initial(template))
    save = partial(save_template, template=template, by=asker(request))
    if request.method == "POST" and carry_out(form, save):
        messages.success(request, "The template is changed.")
        return redirect("changes:policy")
    person = asker(request)
    context = {
        "form": form,
        "template": template,
        "latest": latest_changes(template),
        "may_resume": person.is_administrator or template.owner.lead_id == person.pk,
    }
    return render(request, "changes/template_form.html", context, status=status_of(form))


@require_POST
@responders
def template_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend, resume or retire it: as the button says."""
    template, by, why = get_object_or_404(_templates(request), pk=pk), asker(request), request.POST.get("why", "")
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "suspend": (partial(suspend_template, template=template, by=by, why=why), "It authorises nothing for now."),
        "resume": (partial(resume_template, template=template, by=by, why=why), "It authorises again."),
        "retire": (partial(retire_template, template=template, by=by), "The template is retired."),
    }
    do, done = acts.get(request.POST.get("do", ""), acts["suspend"])
    back = reverse("changes:template", args=[pk])
    return press(request, do, done=done, to=reverse("changes:policy"), back=back)


@require_http_methods(["GET", "POST"])
@administrators
def guard_new(request: HttpRequest) -> HttpResponse:
    form = GuardForm(request.POST or None)
    if request.method == "POST" and carry_out(form, partial(save_guard, by=asker(request))):
        messages.success(request, "Changes to this need the other side from now on.")
        return redirect("changes:policy")
    return render(request, "changes/guard_form.html", {"form": form}, status=status_of(form))


@require_http_methods(["GET", "POST"])
@administrators
def guard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    guard = get_object_or_404(_guards(request), pk=pk)
    form = GuardForm(request.POST or None, initial=guard_initial(guard))
    if request.method == "POST" and carry_out(form, partial(save_guard, guard=guard, by=asker(request))):
        messages.success(request, "The guard is changed.")
        return redirect("changes:policy")
    return render(request, "changes/guard_form.html", {"form": form, "guard": guard}, status=status_of(form))


@require_POST
@administrators
def guard_retire(request: HttpRequest, pk: int) -> HttpResponse:
    guard = get_object_or_404(_guards(request), pk=pk)
    retire = partial(retire_guard, guard=guard, by=asker(request))
    return press(request, retire, done="It guards nothing any more.", to=reverse("changes:policy"))


def _templates(request: HttpRequest) -> VisibleToMembers:
    live = ChangeTemplate.objects.visible_to(request.user).filter(retired_at=None)
    return live.select_related("service", "team", "owner")


def _guards(request: HttpRequest) -> VisibleToMembers:
    live = Guard.objects.visible_to(request.user).filter(retired_at=None)
    return live.select_related("service", "team")
