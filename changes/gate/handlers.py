"""Reactions to what the gate decides and to how the changes go (config/reactions.py). Each is carried out once."""

from __future__ import annotations

from changes.gate import suspending
from changes.gate.telling import tell_author, tell_team
from changes.gate.words import about
from changes.models import Change, ChangeTemplate, GateCheck, State
from notifications.models import Event
from oncall.models import Team

WENT_WRONG = (State.FAILED, State.ROLLED_BACK)


def tell_those_awaited(event: Event) -> None:
    """The other side hears that a change awaits them; both sides, that an emergency is to be reviewed."""
    check = _check(event)
    if check.decision == GateCheck.Decision.AWAITING:
        _tell_awaited(check)
    elif check.decision == GateCheck.Decision.ALLOWED and check.review_due_at:
        _tell_of_emergency(check)


def tell_whoever_asked(event: Event) -> None:
    """The author hears what came of it, where it took people or time."""
    check = _check(event)
    if check.decided_at > check.asked_at and check.decision != GateCheck.Decision.AWAITING:
        subject = f"{_subject(check)} is {check.get_decision_display()}"
        tell_author(check, key=_key(check), subject=subject, text=_reasons(check))


def watch_template(event: Event) -> None:
    """A change went wrong that a template let through: perhaps the template is suspended."""
    change = Change.objects.get(pk=event.payload["change"])
    if change.state in WENT_WRONG:
        for template in ChangeTemplate.objects.filter(checks__change=change).distinct():
            suspending.suspend_if_failing(template=template)


def tell_of_suspended(event: Event) -> None:
    """The owners of a template hear that it authorises nothing any more."""
    template = ChangeTemplate.objects.select_related("owner__lead").get(pk=event.payload["template"])
    tell_team(
        template.owner,
        key=f"template-suspended:{event.pk}",
        subject=f"Change template “{template.name}” is suspended",
        text=f"{event.payload['why']} What it covered takes an authorisation until somebody resumes it.",
        path=f"/changes/policy/templates/{template.pk}/",
    )


def _check(event: Event) -> GateCheck:
    related = ("service__dev_team__lead", "service__ops_team__lead", "author", "asked_by")
    return GateCheck.objects.select_related(*related).get(pk=event.payload["check"])


def _tell_awaited(check: GateCheck) -> None:
    subject = f"{_subject(check)} awaits authorisation"
    text = f"{_reasons(check)}\n{_who(check)}"
    teams = {team.slug: team for team in Team.objects.filter(slug__in=[one["team"] for one in check.awaits])}
    for one in check.awaits:
        tell_team(
            teams.get(one["team"]),
            side=one["side"],
            service=check.service,
            key=_key(check),
            subject=subject,
            text=text,
            path=check.get_absolute_url(),
        )


def _tell_of_emergency(check: GateCheck) -> None:
    subject = f"Emergency change: {about(check)}. Review it by {check.review_due_at:%Y-%m-%d %H:%M} UTC"
    for side in ("dev", "ops"):
        team = getattr(check.service, f"{side}_team")
        if team:
            tell_team(
                team,
                key=f"{_key(check)}:emergency",
                subject=subject,
                text=f"{_reasons(check)}\n{_who(check)}",
                path=check.get_absolute_url(),
            )


def _key(check: GateCheck) -> str:
    return f"gate:{check.pk}:{check.decision}:{check.rule}"


def _subject(check: GateCheck) -> str:
    said = about(check)
    return said[:1].upper() + said[1:]


def _reasons(check: GateCheck) -> str:
    return "\n".join(reason["text"] for reason in check.reasons)


def _who(check: GateCheck) -> str:
    return f"Asked by {check.actor or 'a pipeline'}." + (f" {check.pipeline_url}" if check.pipeline_url else "")
