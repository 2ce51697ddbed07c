"""Teams: people with one discipline."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from notifications.errors import Conflict
from oncall.models import Membership, Person, Policy, Team
from oncall.models.people import Discipline
from oncall.permissions import require_administrator
from oncall.services.findings import Findings, delete, write


@transaction.atomic
def save_team(
    *,
    slug: str,
    name: str,
    discipline: str,
    members: Iterable[str] = (),
    lead: str = "",
    channel: str = "",
    team: Team | None = None,
    by: Person | None = None,
) -> Team:
    """Create a team, or change the one given. Raises InvalidInput.

    `members` and `lead` are e-mail addresses; `channel` is where Slack hears each morning who is on call.
    """
    require_administrator(by)
    findings = Findings()
    fields = {
        "slug": findings.slug("slug", slug, Team.objects.all(), own=team),
        "name": findings.text("name", name, 100),
        "discipline": findings.choice("discipline", discipline, Discipline.values),
        "channel": findings.channel("channel", channel),
        "lead": next(iter(findings.people("lead", [lead] if lead else [])), None),
    }
    people = findings.people("members", members)
    findings.raise_if_any()
    team = write(team or Team(), fields)
    team.membership_set.exclude(person__in=people).delete()
    for person in people:
        Membership.objects.get_or_create(team=team, person=person)
    return team


@transaction.atomic
def delete_team(*, team: Team, by: Person | None = None) -> None:
    """Raises Conflict while a policy, a service or a page names the team."""
    require_administrator(by)
    policies = Policy.objects.filter(steps__targets__team=team).distinct()
    if slugs := list(policies.values_list("slug", flat=True)):
        raise Conflict(f"“{team}” is a target of {', '.join(slugs)}. Put somebody else there first.", policies=slugs)
    delete(team)
