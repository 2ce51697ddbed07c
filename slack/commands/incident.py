"""`/incident` that declares, moves, merges and lists."""

from __future__ import annotations

from incidents import services
from incidents.lifecycle import allowed
from incidents.models import Incident
from notifications.errors import InvalidInput
from notifications.links import absolute
from slack import forms
from slack.asking import Ask
from slack.blocks import Message, done, incident_list, known_errors
from slack.facts import incident_facts, url_of
from slack.naming import meant, numbered
from slack.recall import known_to_all

LISTED = 40


def declare(ask: Ask) -> Message | None:
    """With a title, declare; without, open the form."""
    if ask.command.text:
        return _declare(ask, practice=False)
    forms.open_declaration(ask)
    return None


def practice(ask: Ask) -> Message:
    """Declare an incident that is practice."""
    if not ask.command.text:
        raise InvalidInput(title="Say what is practised, as in /incident practice the database is gone.")
    return _declare(ask, practice=True)


def _declare(ask: Ask, *, practice: bool) -> Message:
    incident, _ = services.declare(
        title=ask.command.text,
        severity=ask.command.severity or "sev3",
        practice=practice,
        dedup_key=f"slack:{ask.key}"[:200],
        source=Incident.Source.SLACK,
        by=ask.person,
        by_name="" if ask.person else ask.told.user_name[:100] or ask.told.user_id,
    )
    return declared(incident)


def declared(incident: Incident) -> Message:
    """What who declared it is told."""
    words = f"Declared {incident.get_severity_display()} {incident}."
    more = "" if incident.services.exists() else " Say in its room which services are affected, so that they are paged."
    text, shown = done(words + more, url=url_of(incident))
    return text, [*shown, *known_errors(known_to_all(incident))]


def list_open(ask: Ask) -> Message:
    """What is open; or what has a status or a severity, or is mine."""
    found = Incident.objects.visible_to(ask.speaker).prefetch_related("services").select_related("declared_by")
    wanted = ask.command.target
    if wanted == "mine":
        found = found.open().filter(participants=ask.speaker)
    elif wanted:
        found = found.filter(status="investigating" if wanted == "reopened" else wanted)
    else:
        found = found.open()
    if ask.command.severity:
        found = found.filter(severity=ask.command.severity)
    return incident_list([incident_facts(one) for one in found[:LISTED]], all_url=absolute("/incidents/"))


def status(ask: Ask) -> Message:
    """Move to a status; without one, say where it stands and what may follow."""
    incident = meant(ask, still_open=ask.command.target not in ("closed", "reopened"))
    if not ask.command.target:
        may = ", ".join(allowed(incident.status))
        return done(f"{incident} is {incident.status}. It can become {may}.", url=url_of(incident))
    return _move(ask, incident, ask.command.target)


def resolve(ask: Ask) -> Message:
    return _move(ask, meant(ask), "resolved")


def reopen(ask: Ask) -> Message:
    """It is not over; the words say why."""
    return _move(ask, meant(ask, still_open=False), "reopened")


def _move(ask: Ask, incident: Incident, to: str) -> Message:
    moved = services.transition(incident=incident, to=to, by=ask.speaker, reason=ask.command.text)
    return done(f"{moved} is {moved.status}.", url=url_of(moved))


def severity(ask: Ask) -> Message:
    if not ask.command.severity:
        raise InvalidInput(severity="Say how bad it is: /incident sev 1, 2, 3 or 4.")
    incident = services.change_severity(incident=meant(ask), severity=ask.command.severity, by=ask.speaker)
    return done(f"{incident} is {incident.get_severity_display()}.", url=url_of(incident))


def merge(ask: Ask) -> Message:
    """This one is the same as another, which goes on."""
    if not ask.command.target:
        raise InvalidInput(into="Say which goes on: /incident merge #43 42 merges #43 into #42.")
    into = numbered(ask, int(ask.command.target))
    merged = services.merge(incident=meant(ask), into=into, by=ask.speaker)
    return done(f"#{merged.number} is merged into {into}.", url=url_of(into))
