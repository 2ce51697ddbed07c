"""The language coach beside a section: advice that never blocks and can be set aside."""

from __future__ import annotations

from django.db import transaction

from oncall.models import Person
from oncall.permissions import require_responder
from postmortems import coached, language
from postmortems.language import Category, Finding
from postmortems.models import Dismissal, Section
from postmortems.services.common import choice, tell, words


def coach(section: Section, body: str | None = None) -> list[Finding]:
    """What the coach says of the section's text (or of `body`, not saved yet), without what was set aside."""
    findings = language.check(section.body if body is None else body, coached.kind_of(section))
    return coached.standing(findings, section.dismissals.all())


@transaction.atomic
def dismiss(*, section: Section, category: str, text: str, reason: str, by: Person | None) -> Dismissal:
    """Set a note aside wherever these words stand in this section. Who did so is not kept."""
    require_responder(by)
    category = choice("category", category, [known.value for known in Category])
    dismissal, _ = Dismissal.objects.update_or_create(
        section=section,
        category=category,
        text=words("text", text, most=2_000),
        defaults={"reason": words("reason", reason, most=300)},
    )
    tell(section.postmortem)
    return dismissal


@transaction.atomic
def undismiss(*, dismissal: Dismissal, by: Person | None) -> Section:
    """Hear the coach again."""
    require_responder(by)
    section = dismissal.section
    dismissal.delete()
    tell(section.postmortem)
    return section
