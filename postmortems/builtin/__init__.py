"""The templates and the factors that Andon comes with. An organisation may edit them: what is there is left alone."""

from typing import Any

from postmortems.builtin.factors import FACTORS
from postmortems.builtin.learning_review import LEARNING_REVIEW
from postmortems.builtin.response_focused import RESPONSE_FOCUSED
from postmortems.builtin.service_reliability import SERVICE_RELIABILITY
from postmortems.builtin.shape import BuiltinSection, BuiltinTemplate
from postmortems.builtin.short import CONCISE, NEAR_MISS

TEMPLATES = (CONCISE, SERVICE_RELIABILITY, RESPONSE_FOCUSED, LEARNING_REVIEW, NEAR_MISS)
DEFAULT, DEFAULT_OF_NEAR_MISSES = SERVICE_RELIABILITY.slug, NEAR_MISS.slug

__all__ = [
    "DEFAULT",
    "DEFAULT_OF_NEAR_MISSES",
    "FACTORS",
    "TEMPLATES",
    "BuiltinSection",
    "BuiltinTemplate",
    "ensure_builtins",
]


def ensure_builtins(apps: Any = None) -> None:
    """Add what is missing. `apps`: a migration's historical models; without it, the present ones."""
    if apps is None:
        from django.apps import apps
    factor, template = apps.get_model("postmortems", "Factor"), apps.get_model("postmortems", "Template")
    for key, name, description in FACTORS:
        factor.objects.get_or_create(key=key, defaults={"name": name, "description": description})
    for builtin in TEMPLATES:
        row, new = template.objects.get_or_create(
            slug=builtin.slug, defaults={"name": builtin.name, "description": builtin.description}
        )
        if new:
            _add_sections(apps.get_model("postmortems", "TemplateSection"), row, builtin)


def _add_sections(section: Any, row: Any, builtin: BuiltinTemplate) -> None:
    section.objects.bulk_create(
        section(template=row, key=part.key, title=part.title, questions=list(part.questions), position=position)
        for position, part in enumerate(builtin.sections)
    )
