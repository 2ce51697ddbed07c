"""Templates, as administrators edit them. Post-mortems keep the sections that they were opened with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from incidents.severity import SEVERITIES
from notifications.errors import Conflict, InvalidInput
from oncall.models import Person
from oncall.permissions import require_administrator
from postmortems.builtin import DEFAULT, DEFAULT_OF_NEAR_MISSES, TEMPLATES
from postmortems.canonical import Part, complaints
from postmortems.models import RequiredTemplate, Template, TemplateSection
from postmortems.services.common import choice, locked, words

BUILTIN = {builtin.slug: builtin for builtin in TEMPLATES}


@transaction.atomic
def save_template(
    *,
    template: Template | None = None,
    name: str,
    description: str = "",
    sections: Sequence[Part],
    by: Person | None,
) -> Template:
    """Make a template, or give one this name and these sections. Raises `InvalidInput` by `name` and `sections`."""
    require_administrator(by)
    name, description = words("name", name, most=100), words("description", description, most=500, required=False)
    if found := complaints(sections):
        raise InvalidInput({"sections": found})
    template = locked(template) if template else Template(slug=_slug(name))
    _refuse_namesake(template, name)
    template.name, template.description = name, description
    template.save()
    _write_sections(template, sections)
    return template


@transaction.atomic
def edit_template(
    *,
    template: Template,
    name: str | None = None,
    description: str | None = None,
    sections: Sequence[Part] | None = None,
    required_for: Iterable[str] | None = None,
    retired: bool | None = None,
    by: Person | None,
) -> Template:
    """Change some of it, all at once; None leaves a thing as it is."""
    stands = [Part(one.key, one.title, tuple(one.questions)) for one in template.sections.all()]
    template = save_template(
        template=template,
        name=template.name if name is None else name,
        description=template.description if description is None else description,
        sections=stands if sections is None else sections,
        by=by,
    )
    if retired is False:
        restore_template(template=template, by=by)
    if required_for is not None:
        require_for(template=template, severities=required_for, by=by)
    if retired:
        retire_template(template=template, by=by)
    return template


@transaction.atomic
def reset_template(*, template: Template, by: Person | None) -> Template:
    """Give a built-in template its own wording back. Raises `Conflict` for one that an organisation made."""
    require_administrator(by)
    builtin = BUILTIN.get(template.slug)
    if builtin is None:
        raise Conflict(f"{template.name!r} is your own: it has no other wording to go back to.")
    template = locked(template)
    _refuse_namesake(template, builtin.name)
    template.name, template.description = builtin.name, builtin.description
    template.save()
    _write_sections(template, [Part(part.key, part.title, part.questions) for part in builtin.sections])
    return template


@transaction.atomic
def retire_template(*, template: Template, by: Person | None) -> Template:
    """Offer it no more; what was written with it stays. Raises `Conflict` where something still asks for it."""
    require_administrator(by)
    template = locked(template)
    severities = [one.get_severity_display() for one in template.required_for.all()]
    if severities:
        raise Conflict(f"{', '.join(severities)} must be written with {template.name!r}: require another one first.")
    if template.slug in (DEFAULT, DEFAULT_OF_NEAR_MISSES):
        kind = "near misses" if template.slug == DEFAULT_OF_NEAR_MISSES else "post-mortems"
        raise Conflict(f"{template.name!r} is what {kind} are written with unless another is chosen: edit it instead.")
    template.retired_at = template.retired_at or timezone.now()
    template.save(update_fields=["retired_at"])
    return template


@transaction.atomic
def restore_template(*, template: Template, by: Person | None) -> Template:
    """Offer it again."""
    require_administrator(by)
    template = locked(template)
    template.retired_at = None
    template.save(update_fields=["retired_at"])
    return template


@transaction.atomic
def require_template(*, severity: str, template: Template | None, by: Person | None) -> None:
    """Have post-mortems of a severity written with this template and no other; None leaves the choice free."""
    require_administrator(by)
    severity = choice("severity", severity, list(SEVERITIES))
    if template is None:
        RequiredTemplate.objects.filter(severity=severity).delete()
        return
    template = locked(template)
    if template.retired_at:
        raise InvalidInput(template=f"{template.name!r} is retired: restore it first.")
    RequiredTemplate.objects.update_or_create(severity=severity, defaults={"template": template})


@transaction.atomic
def require_for(*, template: Template, severities: Iterable[str], by: Person | None) -> Template:
    """Require it for exactly these severities. What was required for them before no longer is."""
    wanted = {choice("required_for", severity, list(SEVERITIES)) for severity in severities}
    for severity in set(template.required_for.values_list("severity", flat=True)) - wanted:
        require_template(severity=severity, template=None, by=by)
    for severity in sorted(wanted):
        require_template(severity=severity, template=template, by=by)
    return template


def _write_sections(template: Template, parts: Sequence[Part]) -> None:
    template.sections.all().delete()
    TemplateSection.objects.bulk_create(
        TemplateSection(
            template=template, key=part.key, title=part.title, questions=list(part.questions), position=position
        )
        for position, part in enumerate(parts)
    )


def _refuse_namesake(template: Template, name: str) -> None:
    if Template.objects.filter(name__iexact=name).exclude(pk=template.pk).exists():
        raise InvalidInput(name=f"There is a template {name!r} already: choose another name.")


def _slug(name: str) -> str:
    """A slug that no template has yet."""
    base = slugify(name)[:40] or "template"
    number, slug = 1, base
    while Template.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
