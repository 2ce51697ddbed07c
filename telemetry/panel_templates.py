"""Panels that every service has: administrators make, change and delete them."""

from __future__ import annotations

from django.db import transaction

from oncall.models import Panel, Person
from oncall.permissions import require_administrator
from oncall.services.findings import Findings, write
from telemetry.models import PanelTemplate

POSITIONS = range(1000)


@transaction.atomic
def save_panel_template(
    *,
    name: str,
    query: str,
    unit: str = "",
    source: str = Panel.Source.PROMETHEUS,
    position: int = 0,
    template: PanelTemplate | None = None,
    by: Person,
) -> PanelTemplate:
    """Create a template, or change the one given, to be exactly this. Raises InvalidInput.

    Services show it from the next look on; an incident that is open has it once it asks for panels again.
    """
    require_administrator(by)
    findings = Findings()
    fields = {
        "name": findings.text("name", name, 100),
        "query": findings.text("query", query, 4000),
        "unit": findings.text("unit", unit, 20, required=False),
        "source": findings.choice("source", source or Panel.Source.PROMETHEUS, Panel.Source.values),
        "position": findings.read("position", _position, position, 0),
    }
    others = PanelTemplate.objects.exclude(pk=template.pk) if template else PanelTemplate.objects.all()
    if others.filter(name__iexact=fields["name"]).exists():
        findings.add("name", f"“{fields['name']}” is another template already; use another name.")
    findings.raise_if_any()
    return write(template or PanelTemplate(), fields)


@transaction.atomic
def delete_panel_template(*, template: PanelTemplate, by: Person) -> None:
    """Services lose it from the next look on; what incidents have kept of it stays."""
    require_administrator(by)
    template.delete()


def _position(value: object) -> int:
    text = str(value or 0)
    if isinstance(value, bool) or not text.isdecimal() or int(text[:10]) not in POSITIONS:
        raise ValueError(f"“{text[:40]}” is no place; give a number from 0 to {POSITIONS[-1]}.")
    return int(text)
