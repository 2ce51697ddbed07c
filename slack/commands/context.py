"""What is around an incident, and what one can ask."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from incidents.context import suspects_of
from incidents.words import name_of_change
from notifications.links import absolute
from postmortems.finding.seen_before import FEW, find, for_incident
from postmortems.services.opening import open_postmortem
from slack.asking import Ask
from slack.blocks import Message, done, help_text, seen
from slack.facts import url_of
from slack.naming import meant, numbered
from slack.recall import facts_of

_INCIDENT = re.compile(r"\s*#(\d{1,9})\s*")


def suspects(ask: Ask) -> Message:
    """Changes that may have had a part, best first, with the reasons."""
    incident = meant(ask)
    found = suspects_of(incident)
    lines = [f"Changes that may have had a part in {incident}:"]
    for one in found:
        reasons = "; ".join(reason.text for reason in one.reasons)
        lines.append(f"{one.rank}. {name_of_change(one.change)} ({one.points:g} points): {reasons}")
    return done("\n".join(lines) if found else f"No change is suspected in {incident}.", url=url_of(incident))


def seen_before(ask: Ask) -> Message:
    """Known errors with their workaround, incidents and articles that resemble words, or this incident."""
    words = ask.command.text
    number = _INCIDENT.fullmatch(words or "")
    if words and not number:
        search = absolute(f"/search/?{urlencode({'q': words[:200]})}")
        return seen(words, facts_of(find(words, ask.speaker)), url=search)
    incident = numbered(ask, int(number[1])) if number else meant(ask)
    return seen(str(incident), facts_of(for_incident(incident, ask.speaker, limit=FEW)), url=url_of(incident))


def postmortem(ask: Ask) -> Message:
    """The post-mortem of an incident, opened if need be."""
    incident = meant(ask, still_open=False)
    existing = incident.postmortems.first()
    found = existing or open_postmortem(incidents=[incident], by=ask.speaker)
    return done(f"Post-mortem of {incident}.", url=absolute(found.get_absolute_url()))


def help_on_commands(ask: Ask) -> Message:
    return help_text(url=absolute("/"))
