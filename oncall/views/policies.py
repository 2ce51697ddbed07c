"""Escalation policies: whom each reaches now, and the form in which steps are added, moved and removed."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import Prefetch, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.errors import Conflict, InvalidInput
from notifications.refusals import press, status_of
from oncall import services
from oncall.forms.policy_draft import read_draft
from oncall.forms.policy_editor import BLANK, PolicyEditor, draft_of, words_for
from oncall.ladder import ladder, ladder_of_stage
from oncall.models import Policy, Service
from oncall.requests import asker, responders


@require_GET
def policy_list(request: HttpRequest) -> HttpResponse:
    """Every policy: how long it goes on, and which services use it."""
    used = Prefetch("services", Service.objects.visible_to(request.user))
    policies = _policies(request).annotate(once=Sum("steps__delay")).prefetch_related("steps", used)
    return render(request, "oncall/policy_list.html", {"policies": policies})


@require_GET
def policy_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps as a ladder: who is reached now, for the service that is asked for, else the first that uses it."""
    policy = get_object_or_404(_policies(request), slug=slug)
    every = list(Service.objects.visible_to(request.user))
    using = [service for service in every if service.policy_id == policy.pk]
    asked = request.GET.get("service", "")
    chosen = next((service for service in every if service.slug == asked), using[0] if using else None)
    context = {
        "policy": policy,
        "using": using,
        "others": [service for service in every if service.policy_id != policy.pk],
        "service": chosen,
        "ladder": ladder(policy, chosen),
    }
    return render(request, "oncall/policy_detail.html", context)


@require_GET
def service_escalation(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is reached now when this service is paged: by its policy, else as its stage says."""
    found = Service.objects.visible_to(request.user).select_related("policy", "schedule", "dev_team", "ops_team")
    service = get_object_or_404(found, slug=slug)
    if service.policy:
        return redirect(f"{reverse('oncall:policy', args=[service.policy.slug])}?service={slug}")
    context = {"service": service, "ladder": ladder_of_stage(service)}
    return render(request, "oncall/service_escalation.html", context)


@require_http_methods(["GET", "POST"])
@responders
def policy_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@responders
def policy_edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = _policies(request).prefetch_related("steps__targets__person", "steps__targets__team")
    return _edit(request, get_object_or_404(found, slug=slug))


@require_POST
@responders
def policy_delete(request: HttpRequest, slug: str) -> HttpResponse:
    policy = get_object_or_404(_policies(request), slug=slug)
    return press(
        request,
        partial(services.delete_policy, policy=policy, by=asker(request)),
        done=f"{policy} is deleted.",
        to=reverse("oncall:policies"),
        back=reverse("oncall:policy", args=[slug]),
    )


def _policies(request: HttpRequest) -> QuerySet[Policy]:
    return Policy.objects.visible_to(request.user)


def _edit(request: HttpRequest, policy: Policy | None) -> HttpResponse:
    """A button of the form changes what stands in it, and saves nothing; only Save does."""
    words = words_for(policy)
    act = request.POST.get("act", "")
    if request.method == "GET":
        editor = PolicyEditor(draft_of(policy, words) if policy else BLANK, words)
    else:
        draft = read_draft(request.POST)
        cursor = draft.act(act) if act else None
        editor = PolicyEditor(draft, words, check=not act, cursor=cursor)
        if not act and (saved := _save(request, editor, policy)):
            messages.success(request, f"{saved} is saved. Pages under way follow it from their next step on.")
            return redirect("oncall:policy", saved.slug)
    context = {"editor": editor, "policy": policy, "whom": words.options()}
    status = max(status_of(form) for form in editor.each())
    return render(request, "oncall/policy_form.html", context, status=status)


def _save(request: HttpRequest, editor: PolicyEditor, policy: Policy | None) -> Policy | None:
    if not editor.is_valid():
        return None
    try:
        return services.save_policy(**editor.given(), policy=policy, by=asker(request))
    except (InvalidInput, Conflict) as refusal:
        editor.explain(refusal)
    return None
