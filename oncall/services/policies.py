"""Escalation policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from notifications.errors import Conflict
from notifications.weblinks import web_address
from oncall.models import Person, Policy, Step, Target, Team
from oncall.paging.plans import PLACES
from oncall.permissions import require_responder
from oncall.services.findings import Findings, write

MINUTES = range(1, 24 * 60 + 1)
REPEATS = range(10)
TIMEOUTS = range(1, 7 * 24 * 60 + 1)
MOST_STEPS = 20


@transaction.atomic
def save_policy(
    *,
    slug: str,
    name: str,
    steps: Sequence[Mapping[str, Any]],
    each_seat: bool = True,
    repeat: int = 2,
    ack_timeout: int | str | None = None,
    policy: Policy | None = None,
    by: Person | None = None,
) -> Policy:
    """Create a policy, or change the one given, to be exactly this. Raises InvalidInput.

    A step is `{"delay": minutes, "targets": [...]}`; a target `{"kind": "seat", "seat": "dev"}`, or of kind `person`
    with an e-mail address as `person`, or `team` or `team_lead` with a slug as `team`, or `channel` or `webhook` with
    `#name`, an id or a URL as `address`; `seat` then is the side it counts for (a team's own discipline, for others
    none, where it is left out). `ack_timeout`: minutes that an acknowledgement holds; none for as long as it takes.
    """
    require_responder(by)
    findings = Findings()
    fields = {
        "slug": findings.slug("slug", slug, Policy.objects.all(), most=60, own=policy),
        "name": findings.text("name", name, 100),
        "each_seat": bool(each_seat),
        "repeat": _whole(findings, "repeat", repeat, REPEATS, "times"),
        "ack_timeout": _timeout(findings, ack_timeout),
    }
    if not 1 <= len(steps) <= MOST_STEPS:
        findings.add("steps", f"There are {len(steps)} steps; give from 1 to {MOST_STEPS}.")
    read = [_step(findings, f"steps[{index}]", step) for index, step in enumerate(steps)]
    findings.raise_if_any()
    policy = write(policy or Policy(), fields)
    policy.steps.all().delete()
    for position, (delay, targets) in enumerate(read):
        step = Step.objects.create(policy=policy, position=position, delay=delay)
        Target.objects.bulk_create(Target(step=step, **target) for target in targets)
    return policy


@transaction.atomic
def delete_policy(*, policy: Policy, by: Person | None = None) -> None:
    """Raises Conflict while services use it."""
    require_responder(by)
    if slugs := list(policy.services.values_list("slug", flat=True)):
        raise Conflict(f"“{policy}” pages for {', '.join(slugs)}; give them another policy first.")
    policy.delete()


def _step(findings: Findings, path: str, step: Mapping[str, Any]) -> tuple[timedelta, list[dict[str, Any]]]:
    delay = _whole(findings, f"{path}.delay", step.get("delay", 5), MINUTES, "minutes")
    targets = step.get("targets") or []
    if not targets:
        findings.add(f"{path}.targets", "This step reaches nobody; name at least one target.")
    return timedelta(minutes=delay), [
        _target(findings, f"{path}.targets[{index}]", target) for index, target in enumerate(targets)
    ]


def _target(findings: Findings, path: str, target: Mapping[str, Any]) -> dict[str, Any]:
    kind = findings.choice(f"{path}.kind", target.get("kind"), Target.Kind.values)
    read: dict[str, Any] = {"kind": kind, "person": None, "team": None, "address": ""}
    read["seat"] = findings.text(f"{path}.seat", target.get("seat"), 30, required=kind == Target.Kind.SEAT)
    if kind == Target.Kind.PERSON:
        found = findings.people(f"{path}.person", [target.get("person") or ""])
        read["person"] = found[0] if found else None
    elif kind in (Target.Kind.TEAM, Target.Kind.TEAM_LEAD):
        read["team"] = findings.one(f"{path}.team", target.get("team"), Team.objects.all())
        if not target.get("team"):
            findings.add(f"{path}.team", "No team is named; give its slug.")
    elif kind in PLACES:
        read["address"] = _address(findings, f"{path}.address", kind, target.get("address"))
    return read


def _address(findings: Findings, path: str, kind: str, given: object) -> str:
    address = findings.text(path, given, 500)
    if address and kind == Target.Kind.CHANNEL:
        return findings.channel(path, address)
    if address and not web_address(address, longest=500):
        findings.add(path, f"“{address}” is not a URL; write one that begins with https://.")
    return address


def _timeout(findings: Findings, given: int | str | None) -> timedelta | None:
    if given is None or given == "":
        return None
    return timedelta(minutes=_whole(findings, "ack_timeout", given, TIMEOUTS, "minutes"))


def _whole(findings: Findings, field: str, value: object, allowed: range, unit: str) -> int:
    if isinstance(value, bool) or value not in allowed:
        findings.add(field, f"“{value}” does not do; give a whole number of {unit} from {allowed[0]} to {allowed[-1]}.")
        return allowed[0]
    return int(str(value))
