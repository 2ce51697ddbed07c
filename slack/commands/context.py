"""What is around an incident, and what one can ask."""

from __future__ import annotations

from urllib.parse import urlencode

from incidents.context import suspects_of
from incidents.words import name_of_change
from notifications.links import absolute
from postmortems.services.opening import open_postmortem
from slack.asking import Ask
from slack.blocks import Message, done, help_text
from slack.facts import url_of
from slack.naming import meant


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
    """Where to look for what is alike: the search, which shows each person what they may see."""
    if ask.command.text:
        words = ask.command.text
        return done(f"What is known of “{words}”:", url=absolute(f"/search/?{urlencode({'q': words})}"))
    incident = meant(ask)
    return done(f"What is known that is like {incident} stands in its room.", url=url_of(incident))


def postmortem(ask: Ask) -> Message:
    """The post-mortem of an incident, opened if need be."""
    incident = meant(ask, still_open=False)
    existing = incident.postmortems.first()
    found = existing or open_postmortem(incidents=[incident], by=ask.speaker)
    return done(f"Post-mortem of {incident}.", url=absolute(found.get_absolute_url()))


def help_on_commands(ask: Ask) -> Message:
    return help_text(url=absolute("/"))
