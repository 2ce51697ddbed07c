"""What the gate decides by, kept by administrators: standard changes, and what guards security. All changes of it are
on record (`history`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from changes.models import Change, ChangeTemplate, Guard
from notifications.errors import Conflict
from oncall.models import Person, Service, Team
from oncall.permissions import require_administrator
from oncall.services.findings import Findings, write

MOST_PATTERNS = 100


@transaction.atomic
def save_template(
    *,
    name: str,
    owner: str = "",
    service: str = "",
    environment: str = "",
    kind: str = "",
    paths: Iterable[str] = (),
    team: str = "",
    earlier_successes: int = 0,
    failures_allowed: int = 3,
    template: ChangeTemplate | None = None,
    by: Person | None = None,
) -> ChangeTemplate:
    """Create a template, or change the one given, to be exactly this. Service and teams are slugs; what is left empty
    fits everything. Raises InvalidInput, Forbidden, and Conflict for one that is retired."""
    require_administrator(by)
    if template:
        template = _held(template)
    findings = Findings()
    fields: dict[str, Any] = {
        "name": _name(findings, name, ChangeTemplate, template),
        "owner": findings.one("owner", owner, Team.objects.all()),
        "service": findings.one("service", service, Service.objects.all()),
        "environment": findings.text("environment", environment, 60, required=False),
        "kind": findings.choice("kind", kind, Change.Kind.values) if kind else "",
        "paths": _patterns(findings, paths),
        "team": findings.one("team", team, Team.objects.all()),
        "earlier_successes": _count(findings, "earlier_successes", earlier_successes, 100),
        "failures_allowed": _count(findings, "failures_allowed", failures_allowed, 9),
    }
    if not owner:
        findings.add("owner", "Name the team that owns it: it is told when the template is suspended.")
    if not any(fields[one] for one in ("service", "environment", "kind", "paths", "team")):
        findings.add("service", "This would authorise every change there is; narrow it by at least one thing.")
    findings.raise_if_any()
    return write(template or ChangeTemplate(), fields)


@transaction.atomic
def retire_template(*, template: ChangeTemplate, by: Person | None = None) -> None:
    """It authorises nothing any more; what it authorised stays on record, and its name is free."""
    require_administrator(by)
    _retire(_held(template))


@transaction.atomic
def save_guard(
    *,
    name: str,
    service: str = "",
    paths: Iterable[str] = (),
    team: str = "",
    why: str = "",
    guard: Guard | None = None,
    by: Person | None = None,
) -> Guard:
    """Create a guard, or change the one given, to be exactly this. It names a service (slug), or paths, or both.

    Raises InvalidInput, Forbidden, and Conflict for one that is retired.
    """
    require_administrator(by)
    if guard:
        guard = _held(guard)
    findings = Findings()
    fields: dict[str, Any] = {
        "name": _name(findings, name, Guard, guard),
        "service": findings.one("service", service, Service.objects.all()),
        "paths": _patterns(findings, paths),
        "team": findings.one("team", team, Team.objects.all()),
        "why": findings.text("why", why, 1_000, required=False),
    }
    if not fields["service"] and not fields["paths"]:
        findings.add("paths", "This would guard everything; name paths, or a service.")
    findings.raise_if_any()
    return write(guard or Guard(), fields)


@transaction.atomic
def retire_guard(*, guard: Guard, by: Person | None = None) -> None:
    """It guards nothing any more; that it did stays on record, and its name is free."""
    require_administrator(by)
    _retire(_held(guard))


def _held(row: Any) -> Any:
    """The row, held until the transaction ends. Raises Conflict for one that is retired."""
    found = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.retired_at:
        raise Conflict(f"“{found.name}” is retired; make a new one.")
    return found


def _retire(row: Any) -> None:
    row.retired_at = timezone.now()
    row.name = f"{row.name[:80]} (retired {row.pk})"
    row.save()


def _name(findings: Findings, name: str, model: Any, own: Any) -> str:
    found = findings.text("name", name, 100)
    others = model.objects.exclude(pk=own.pk) if own else model.objects.all()
    if found and others.filter(name__iexact=found).exists():
        findings.add("name", f"“{found}” is taken; choose another.")
    return found


def _patterns(findings: Findings, given: Iterable[str]) -> list[str]:
    """Patterns of paths, each once."""
    found = list(dict.fromkeys(str(pattern).strip() for pattern in given))
    for pattern in found:
        if not pattern or len(pattern) > 300 or "\x00" in pattern:
            findings.add("paths", f"“{pattern[:40]}” is no pattern; write one such as auth/ or infra/**/*.tf.")
    if len(found) > MOST_PATTERNS:
        findings.add("paths", f"These are {len(found)} patterns; use {MOST_PATTERNS} at most.")
    return found


def _count(findings: Findings, field: str, value: object, most: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    findings.add(field, f"“{value}” does not do; give a whole number from 0 to {most}.")
    return 0
