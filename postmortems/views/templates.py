"""Settings: templates of post-mortems. Buttons beside the sections move them about; nothing is kept before Save."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from incidents.models.incident import Severity
from notifications.refusals import carry_out, press, status_of
from oncall.requests import Request, administrators
from postmortems.canonical import KEYS
from postmortems.forms.templates import Row, TemplateForm, changed, rows_of, rows_sent
from postmortems.models import RequiredTemplate, Template
from postmortems.services import templates as services

ACTS = {
    "retire": (services.retire_template, "{} is offered no more; what was written with it stays."),
    "restore": (services.restore_template, "{} is offered again."),
    "reset": (services.reset_template, "{} has its own wording again."),
}


@require_GET
@administrators
def listing(request: Request) -> HttpResponse:
    required = {one.severity: one.template_id for one in RequiredTemplate.objects.all()}
    every = list(Template.objects.prefetch_related("sections", "required_for"))
    context = {
        "templates": [one for one in every if one.retired_at is None],
        "retired": [one for one in every if one.retired_at],
        "severities": [(key, label, required.get(key)) for key, label in Severity.choices],
    }
    return render(request, "postmortems/template_list.html", context)


@require_POST
@administrators
def require(request: Request) -> HttpResponse:
    """Which template a severity must be written with; none leaves the choice free."""
    slug = request.POST.get("template", "")
    chosen = get_object_or_404(Template, slug=slug) if slug else None
    return press(
        request,
        partial(services.require_template, severity=request.POST.get("severity", ""), template=chosen, by=request.user),
        done="Saved: it holds for post-mortems that are opened from now on.",
        to=reverse("postmortems:templates"),
    )


@require_http_methods(["GET", "POST"])
@administrators
def new(request: Request) -> HttpResponse:
    """A new one; `?from=` begins with the sections of another."""
    source = Template.objects.filter(slug=request.GET.get("from", "")).first()
    initial = {"name": f"Copy of {source.name}"[:100], "description": source.description} if source else {}
    return _edit(request, None, rows_of(source) if source else [Row("summary")], initial)


@require_http_methods(["GET", "POST"])
@administrators
def edit(request: Request, slug: str) -> HttpResponse:
    template = get_object_or_404(Template, slug=slug)
    initial = {"name": template.name, "description": template.description}
    return _edit(request, template, rows_of(template), initial)


@require_GET
@administrators
def preview(request: Request, slug: str) -> HttpResponse:
    """How a post-mortem written with it begins."""
    template = get_object_or_404(Template.objects.prefetch_related("sections"), slug=slug)
    return render(request, "postmortems/template_preview.html", {"template": template})


@require_POST
@administrators
def act(request: Request, slug: str, what: str) -> HttpResponse:
    """Retire, restore, or put back to its original wording."""
    template = get_object_or_404(Template, slug=slug)
    do, done = ACTS[what]
    to = reverse("postmortems:templates")
    return press(request, partial(do, template=template, by=request.user), done=done.format(template.name), to=to)


def _edit(request: Request, template: Template | None, rows: list[Row], initial: dict[str, Any]) -> HttpResponse:
    posted = request.method == "POST"
    rows = rows_sent(request.POST) if posted else rows
    if posted and (do := request.POST.get("do", "save")) != "save":
        form = TemplateForm(initial=request.POST.dict())
        return _form(request, template, form, changed(rows, do))
    form = TemplateForm(request.POST if posted else None, initial=initial)
    sections = [row.part for row in rows if not row.is_empty]
    save = partial(services.save_template, template=template, sections=sections, by=request.user)
    if posted and (saved := carry_out(form, save)):
        messages.success(request, f"{saved.name} is saved. Post-mortems that are open keep the sections they have.")
        return redirect("postmortems:templates")
    return _form(request, template, form, rows)


def _form(request: Request, template: Template | None, form: TemplateForm, rows: list[Row]) -> HttpResponse:
    context = {
        "template": template,
        "form": form,
        "rows": rows,
        "keys": [(key, title, purpose) for key, (title, purpose) in KEYS.items()],
        "builtin": bool(template and template.slug in services.BUILTIN),
        "used": template.postmortems.exclude(status="published").count() if template else 0,
    }
    return render(request, "postmortems/template_form.html", context, status=status_of(form))
