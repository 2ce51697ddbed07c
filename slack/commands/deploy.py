"""`/deploy`: what the ledger knows of a service."""

from __future__ import annotations

from changes.models import Change
from incidents.words import name_of_change
from notifications.errors import InvalidInput
from notifications.links import absolute
from oncall.catalogue import find_service
from slack.asking import Ask
from slack.blocks import Message, done

SHOWN = 8


def status(ask: Ask) -> Message:
    """The latest changes of a service, newest first."""
    slug = ask.command.target or ""
    service = find_service(slug)
    if service is None:
        raise InvalidInput(service=f"There is no service {slug}: the catalogue is at {absolute('/services/')}.")
    latest = Change.objects.visible_to(ask.speaker).filter(service=service).select_related("service")[:SHOWN]
    lines = [f"Latest changes of {service}:"]
    for change in latest:
        by = f" by {change.actor}" if change.actor else ""
        at = f"{change.started_at:%a %d %b %H:%M} UTC"
        lines.append(f"{at} {name_of_change(change)} {change.get_state_display()}{by}")
    text = "\n".join(lines) if len(lines) > 1 else f"The ledger has no changes of {service} yet."
    return done(text, url=absolute(f"/changes/?service={service.slug}"))
