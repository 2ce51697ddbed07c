"""The service catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from oncall.models import Panel, Person, Policy, Schedule, Service, Team
from oncall.permissions import require_responder
from oncall.services.findings import Findings, delete, write
from oncall.services.names import tell_of_service

REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)+")  # owner/name; GitLab nests groups


@transaction.atomic
def save_service(
    *,
    slug: str,
    name: str,
    description: str = "",
    dev_team: str = "",
    ops_team: str = "",
    stage: str = Service.Stage.SHARED,
    tier: int = 2,
    platform: str = "",
    environment: str = "production",
    repositories: Iterable[str] = (),
    depends_on: Iterable[str] = (),
    schedule: str = "",
    policy: str = "",
    panels: Sequence[Mapping[str, str]] = (),
    service: Service | None = None,
    by: Person | None = None,
) -> Service:
    """Create a service, or change the one given, to be exactly this. Teams, schedule, policy, dependencies are slugs.

    Services may depend on one another in a circle, but none on itself. Raises InvalidInput.
    """
    require_responder(by)
    findings = Findings()
    fields: dict[str, Any] = {
        "slug": findings.slug("slug", slug, Service.objects.all(), most=60, own=service),
        "name": findings.text("name", name, 100),
        "description": findings.text("description", description, 10_000, required=False),
        "dev_team": findings.one("dev_team", dev_team, Team.objects.all()),
        "ops_team": findings.one("ops_team", ops_team, Team.objects.all()),
        "stage": findings.choice("stage", stage, Service.Stage.values),
        "tier": findings.read("tier", _tier, tier, 2),
        "platform": findings.text("platform", platform, 50, required=False),
        "environment": findings.text("environment", environment, 60),
        "repositories": _repositories(findings, repositories),
        "schedule": findings.one("schedule", schedule, Schedule.objects.all()),
        "policy": findings.one("policy", policy, Policy.objects.all()),
    }
    needed = _dependencies(findings, depends_on, own=fields["slug"])
    drawn = [_panel(findings, index, panel) for index, panel in enumerate(panels)]
    _refuse_twins(findings, drawn)
    findings.raise_if_any()
    former = service.slug if service else ""
    before = _called(service) if service else None
    service = write(service or Service(), fields)
    if _called(service) != before:
        tell_of_service(service, former)
    service.depends_on.set(needed)
    service.panels.all().delete()
    Panel.objects.bulk_create(Panel(service=service, position=index, **panel) for index, panel in enumerate(drawn))
    return service


@transaction.atomic
def delete_service(*, service: Service, by: Person | None = None) -> None:
    """Raises Conflict while pages, changes or incidents name the service."""
    require_responder(by)
    delete(service)


def _called(service: Service) -> tuple[str, str, list[str]]:
    """What senders may call it by."""
    return service.slug, service.name, list(service.repositories)


def _tier(value: object) -> int:
    if isinstance(value, bool) or str(value) not in ("1", "2", "3", "4"):
        raise ValueError(f"“{value}” is not a tier; use 1 (what the business cannot be without) to 4.")
    return int(str(value))


def _repositories(findings: Findings, given: Iterable[str]) -> list[str]:
    """In lower case, as senders are compared; each once."""
    found = [str(name).strip() for name in given]
    for name in found:
        if not REPOSITORY.fullmatch(name) or len(name) > 200:
            findings.add("repositories", f"“{name}” is not a repository; write it as owner/name.")
    return list(dict.fromkeys(name.lower() for name in found))


def _dependencies(findings: Findings, slugs: Iterable[str], own: str) -> list[Service]:
    wanted = list(dict.fromkeys(slugs))
    if own in wanted:
        findings.add("depends_on", f"“{own}” cannot depend on itself; take it out.")
    return findings.many("depends_on", [slug for slug in wanted if slug != own], Service.objects.all())


def _panel(findings: Findings, index: int, panel: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": findings.text(f"panels[{index}].name", panel.get("name"), 100),
        "source": findings.choice(
            f"panels[{index}].source", panel.get("source") or Panel.Source.PROMETHEUS, Panel.Source.values
        ),
        "query": findings.text(f"panels[{index}].query", panel.get("query"), 4000),
        "unit": findings.text(f"panels[{index}].unit", panel.get("unit"), 20, required=False),
    }


def _refuse_twins(findings: Findings, panels: Sequence[Mapping[str, str]]) -> None:
    names = [panel["name"] for panel in panels]
    for index, name in enumerate(names):
        if name in names[:index]:
            findings.add(f"panels[{index}].name", f"“{name}” is another panel already; use another name.")
