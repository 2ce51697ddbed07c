"""The panels of a service: its own, and those that every service has."""

from __future__ import annotations

from dataclasses import dataclass

from oncall.models import Panel, Service
from telemetry.models import PanelTemplate
from telemetry.queries import fill


@dataclass(frozen=True)
class Wanted:
    """A panel with its query filled in for the service."""

    name: str
    source: str
    query: str
    unit: str


def panels_for(service: Service) -> list[Wanted]:
    """The service's own in their order, then the templates that it has no panel of the same name for."""
    own: list[Panel] = list(service.panels.all())
    names = {panel.name.casefold() for panel in own}
    templates: list[PanelTemplate] = list(PanelTemplate.objects.all())
    shared = [template for template in templates if template.name.casefold() not in names]
    return [*(_filled(panel, service) for panel in own), *(_filled(panel, service) for panel in shared)]


def _filled(panel: Panel | PanelTemplate, service: Service) -> Wanted:
    query = fill(panel.query, service=service.slug, environment=service.environment)
    return Wanted(panel.name, panel.source, query, panel.unit)
