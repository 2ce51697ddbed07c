"""Policies with steps that reach nobody, and services whose pages reach nobody, as things stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from oncall.checks.concerns import Concern
from oncall.checks.contact_check import reachable
from oncall.models import Page, Person, Policy, Seat, Service, Step, Target
from oncall.paging.plans import plan_of
from oncall.paging.reach import Reach

OF_STEPS = (
    "steps__targets__person__contact_methods",
    "steps__targets__team__lead__contact_methods",
    "steps__targets__team__members__contact_methods",
    "services",
)


def empty_steps() -> Iterator[Concern]:
    """Steps that would be passed over, whichever service is paged. Policies that no service uses are left alone."""
    seats = _seats_by_schedule()
    for policy in Policy.objects.filter(services__isnull=False).distinct().order_by("slug").prefetch_related(*OF_STEPS):
        steps = list(policy.steps.all())
        if not steps:
            yield Concern(policy.slug, f"The policy {policy} has no steps: add one, or nobody is paged.")
        for step in steps:
            if reasons := _why_empty(step, policy, seats):
                words = "; ".join(dict.fromkeys(reasons))
                text = f"Step {step.position + 1} of the policy {policy} reaches nobody ({words}): name somebody else."
                yield Concern(policy.slug, text)


def silent_services(now: datetime) -> Iterator[Concern]:
    """Services for which a page sent now would reach nobody at any step."""
    services = Service.objects.select_related("dev_team", "ops_team", "policy", "schedule").order_by("slug")
    for service in services:
        if not any((service.schedule_id, service.policy_id, service.dev_team_id, service.ops_team_id)):
            text = f"A page for {service} reaches nobody: give it a schedule, a policy or a team."
            yield Concern(service.slug, text)
            continue
        page = Page(service=service, policy=service.policy)
        plan = plan_of(page)
        rungs = [rung for side in plan.sides for rung in Reach(page, plan, now).rungs(side)]
        if not any(rung.people or rung.places for rung in rungs):
            text = f"A page for {service} would reach nobody now: no step finds anybody with a contact method."
            yield Concern(service.slug, text)


def _why_empty(step: Step, policy: Policy, seats: dict[int | None, set[str]]) -> list[str]:
    """Why each target of a step reaches nobody; nothing where one of them does."""
    schedules = [service.schedule_id for service in policy.services.all()]
    reasons = [_why(target, schedules, seats) for target in step.targets.all()]
    return [reason for reason in reasons if reason] if all(reasons) else []


def _why(target: Target, schedules: Iterable[int | None], seats: dict[int | None, set[str]]) -> str:
    match target.kind:
        case Target.Kind.SEAT:
            found = any(target.seat in seats.get(schedule, ()) for schedule in schedules)
            return "" if found else f"no schedule of its services has the seat {target.seat}"
        case Target.Kind.PERSON if target.person:
            return _why_not(target.person)
        case Target.Kind.TEAM_LEAD if target.team:
            return _why_not(target.team.lead) if target.team.lead else f"{target.team} has no lead"
        case Target.Kind.TEAM if target.team:
            people = [*target.team.members.all(), *([target.team.lead] if target.team.lead else [])]
            found = any(person.is_active and reachable(person) for person in people)
            return "" if found else f"nobody of {target.team} can be reached"
    return ""


def _why_not(person: Person) -> str:
    if not person.is_active:
        return f"{person} is gone"
    return "" if reachable(person) else f"{person} has no contact method that works"


def _seats_by_schedule() -> dict[int | None, set[str]]:
    found: dict[int | None, set[str]] = {}
    for schedule, name in Seat.objects.current().values_list("schedule", "name"):
        found.setdefault(schedule, set()).add(name)
    return found
