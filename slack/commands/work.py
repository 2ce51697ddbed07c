"""`/incident` for those at work on one: roles, updates, notes, tasks, calls, links."""

from __future__ import annotations

from incidents import services
from incidents.models import Incident
from incidents.models.work import Role
from notifications.errors import InvalidInput
from oncall.models import Person, Service, Team
from slack.asking import Ask
from slack.blocks import Message, done
from slack.coaching import with_advice
from slack.facts import url_of
from slack.identity import mentioned
from slack.naming import meant


def role(ask: Ask) -> Message:
    """Give a role to somebody; without one, say who holds which."""
    incident = meant(ask)
    if not ask.command.target or not ask.command.person:
        return done(_roles(incident), url=url_of(incident))
    assignment = services.assign_role(
        incident=incident,
        role=ask.command.target.removeprefix("incident ").replace(" ", "_"),
        person=mentioned(ask.command.person, ask.speaker),
        by=ask.speaker,
    )
    return done(f"{assignment.person} is {assignment.get_role_display()} of {incident}.", url=url_of(incident))


def _roles(incident: Incident) -> str:
    held = {one.role: str(one.person) for one in incident.roles.filter(until=None).select_related("person")}
    lines = [f"{label}: {held.get(name, 'nobody')}" for name, label in Role.choices]
    return "\n".join([f"Roles of {incident}", *lines, "Give one with /incident role commander @ana (or me)."])


def update(ask: Ask) -> Message:
    incident = meant(ask)
    services.post_update(incident=incident, text=ask.command.text, by=ask.speaker, source="slack")
    return done(with_advice(f"Update posted for {incident}.", ask.command.text), url=url_of(incident))


def note(ask: Ask) -> Message:
    incident = meant(ask)
    services.add_note(incident=incident, text=ask.command.text, by=ask.speaker, source="slack")
    return done(with_advice(f"Noted on the timeline of {incident}.", ask.command.text), url=url_of(incident))


def task(ask: Ask) -> Message:
    incident = meant(ask)
    assignee = mentioned(ask.command.person, ask.speaker) if ask.command.person else None
    made = services.add_task(incident=incident, title=ask.command.text, by=ask.speaker, assignee=assignee)
    whom = f" for {made.assignee}" if made.assignee else ""
    said = f"Task{whom} in {incident}: {made.title}"
    return done(with_advice(said, made.title, "action"), url=url_of(incident))


def page(ask: Ask) -> Message:
    """Call a service, a team or a person to it; without one, those who answer for its services."""
    incident = meant(ask)
    targets = [target_of(ask)] if ask.command.target or ask.command.person else list(incident.services.all())
    if not targets:
        raise InvalidInput(target=f"{incident} names no service: say whom, as in /incident page checkout.")
    for target in targets:
        services.page_again(incident=incident, by=ask.speaker, target=target)
    called = ", ".join(str(target) for target in targets)
    return done(f"{called} called to {incident}.", url=url_of(incident))


def target_of(ask: Ask) -> Service | Team | Person:
    """Whom a command calls. Raises InvalidInput that lists the services."""
    if ask.command.person:
        return mentioned(ask.command.person, ask.speaker)
    slug = ask.command.target
    found = Service.objects.filter(slug=slug).first() or Team.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Service.objects.order_by("tier", "slug").values_list("slug", flat=True)[:20]) or "none yet"
        raise InvalidInput(target=f"There is no service or team {slug}. Services: {known}.")
    return found


def link(ask: Ask) -> Message:
    """Keep a web address on the timeline; without one, say which there are."""
    incident = meant(ask)
    if not ask.command.target:
        kept = incident.timeline.filter(kind="link", data__has_key="url")
        lines = [f"{entry.text}: {entry.data['url']}" for entry in kept[:20]]
        return done("\n".join(lines) or f"No links in {incident} yet.", url=url_of(incident))
    url, text = ask.command.target, ask.command.text or ask.command.target
    services.add_note(incident=incident, text=text, by=ask.speaker, source="slack", kind="link", data={"url": url})
    return done(f"Link kept in {incident}.", url=url_of(incident))
