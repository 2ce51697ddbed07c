"""Which plan a page climbs: its service's policy, or what the service's stage asks for, or one person, or one team."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from oncall.models import Escalation, Page, Policy, Seat, Service, Team
from oncall.models import Target as TargetRow
from oncall.paging.escalation import Plan, Step, Target

WAIT = timedelta(minutes=5)
SIDES = ("dev", "ops")
PLACES = (TargetRow.Kind.CHANNEL, TargetRow.Kind.WEBHOOK)
ON_CALL = "team_on_call"  # whoever fills a team's seat on the schedules of its services


def plan_of(page: Page) -> Plan:
    """The plan of a page, as it stands now: an edited policy holds from the next step on."""
    plan = _plan(page)
    if page.together and page.service:
        plan = _with_both_sides(plan, page.service).together()
    return plan


def plan_of_side(page: Page, side: Escalation) -> Plan:
    """The plan this side of a page climbs: the page's own, unless the side was given to somebody else.

    Whoever it was given to and is no longer active is passed over, and the page's own plan holds again.
    """
    if side.to_team:
        return plan_of_team(side.to_team)
    if side.to_person and side.to_person.is_active:
        return plan_of_person(side.to_person.pk)
    return plan_of(page)


def plan_of_person(pk: int) -> Plan:
    """One person, asked again and again."""
    return Plan((_step(Target("person", str(pk))),), each_seat=False)


def _plan(page: Page) -> Plan:
    if page.person_id:
        return plan_of_person(page.person_id)
    if page.policy:
        return plan_of_policy(page.policy)
    if page.service:
        return plan_of_stage(page.service)
    return plan_of_team(page.team) if page.team else Plan(())


def plan_of_policy(policy: Policy) -> Plan:
    """The stored steps of a policy."""
    steps = policy.steps.prefetch_related("targets__team")
    found = tuple(Step(step.delay, tuple(_target(row) for row in step.targets.all())) for step in steps)
    return Plan(found, policy.each_seat, policy.repeat)


def plan_of_stage(service: Service) -> Plan:
    """Dev-run pages Dev first, shared both, ops-run Ops first and Dev at the second step; then leads, then teams.

    On a shared service each side acknowledges for itself; otherwise the first answer stops the page.
    """
    dev, ops = (_ladder(service, side) for side in SIDES)
    match service.stage:
        case Service.Stage.DEV_RUN:
            steps = [dev[:1], dev[1:2] + ops[:1], dev[2:] + ops[1:]]
        case Service.Stage.OPS_RUN:
            steps = [ops[:1], ops[1:2] + dev[:1], ops[2:] + dev[1:]]
        case _:
            steps = [dev[index : index + 1] + ops[index : index + 1] for index in range(3)]
    return Plan(tuple(_step(*targets) for targets in steps if targets), service.stage == Service.Stage.SHARED)


def plan_of_team(team: Team) -> Plan:
    """Whoever of the team is on call; then its lead; then everybody in it."""
    kinds = (ON_CALL, "team_lead", "team") if team.lead_id else (ON_CALL, "team")
    return Plan(tuple(_step(Target(kind, str(team.pk))) for kind in kinds), each_seat=False)


def _ladder(service: Service, side: str) -> list[Target]:
    """What there is to reach of one side of a service: its seat, its team's lead, its team."""
    team = service.dev_team if side == "dev" else service.ops_team
    seat = [Target("seat", side, side)] if team or _has_seat(service, side) else []
    return seat + ([Target(kind, str(team.pk), side) for kind in ("team_lead", "team")] if team else [])


def _with_both_sides(plan: Plan, service: Service) -> Plan:
    """The plan, with a ladder for Dev or Ops where the service has that side and the plan leaves it out."""
    present = {target.side for step in plan.steps for target in step.targets}
    missing = [_ladder(service, side) for side in SIDES if side not in present]
    extra = tuple(_step(target) for ladder in missing for target in ladder)
    return Plan(plan.steps + extra, each_seat=True, repeat=plan.repeat)


def _has_seat(service: Service, side: str) -> bool:
    return Seat.objects.current().filter(schedule=service.schedule_id, name=side).exists()


def _step(*targets: Target) -> Step:
    return Step(WAIT, tuple(targets))


def _target(row: TargetRow) -> Target:
    match row.kind:
        case TargetRow.Kind.SEAT:
            return Target("seat", row.seat, row.seat)
        case TargetRow.Kind.PERSON:
            return Target("person", str(row.person_id), row.seat)
        case TargetRow.Kind.CHANNEL | TargetRow.Kind.WEBHOOK:
            return Target(row.kind, row.address, row.seat)
    return Target(row.kind, str(row.team_id), row.seat or (row.team.discipline if row.team else ""))


def names(sides: Iterable[str]) -> str:
    """Sides as a sentence names them: `Dev and Ops`; without a side, nothing."""
    return " and ".join(side.replace("-", " ").capitalize() for side in sides if side)


def for_side(seat: str) -> str:
    """` for Dev`, to go on with in a sentence; nothing where there are no sides."""
    return f" for {names([seat])}" if seat else ""
