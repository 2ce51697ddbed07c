"""Incidents in Slack: announcement, update, resolution, lists. Each returns fallback text and blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from .seen import SeenFacts, known_errors
from .text import (
    FALLBACK,
    SECTION,
    Block,
    Message,
    Person,
    actions,
    button,
    clip,
    context,
    header,
    link,
    one_line,
    quote,
    section,
)

SEVERITY_SIGNS = {"sev1": "🔴 SEV1", "sev2": "🟠 SEV2", "sev3": "🟡 SEV3", "sev4": "🔵 SEV4"}


@dataclass(frozen=True)
class IncidentFacts:
    """What Slack shows of an incident; `channel` is the id of its own channel, `url` its room on the web."""

    number: int
    title: str
    severity: str
    status: str
    url: str
    services: Sequence[str] = ()
    commander: Person | None = None
    declared_by: Person | None = None
    channel: str | None = None
    practice: bool = False


def announcement(incident: IncidentFacts, known: Sequence[SeenFacts] = ()) -> Message:
    """For the announcement channels and the head of the incident's own; `known`: errors that it is like."""
    return _text(incident), [
        header(f"{_sign(incident)} · {incident.title}"),
        section(_facts(incident)),
        *known_errors(known),
        context(*_credits(incident)),
        _buttons(incident, join=True),
    ]


def stakeholder_update(incident: IncidentFacts, words: str, *, author: Person, next_update: str = "") -> Message:
    """An update in the author's words; `next_update` says when the next one is due, in words."""
    due = f"Next update {clip(one_line(next_update), 100)}" if next_update else ""
    return _text(incident, "Update: "), [
        header(f"Update · {incident.title}"),
        quote(words),
        context(f"{_reference(incident)} · {_state(incident)}", f"By {author.named()}", due),
        _buttons(incident, join=False),
    ]


def resolution(incident: IncidentFacts, *, lasted: str, summary: str = "", postmortem_url: str = "") -> Message:
    """For every place that heard of the incident, when it is resolved or closed; `lasted` in words."""
    more = [button("Open post-mortem", "postmortem.open", str(incident.number), url=postmortem_url)]
    room = button("Open room", "incident.open", str(incident.number), url=incident.url)
    return _text(incident, f"{incident.status.capitalize()}: "), [
        header(f"✅ {incident.status.capitalize()} · {incident.title}"),
        *([quote(summary)] if summary.strip() else []),
        context(
            f"{_reference(incident)} · {_state(incident)}",
            f"Lasted {clip(one_line(lasted), 100)}",
            *_credits(incident),
        ),
        actions(room, *(more if postmortem_url else [])),
    ]


def incident_list(incidents: Sequence[IncidentFacts], *, all_url: str) -> Message:
    """Open incidents, ten at most; the rest is a link away."""
    if not incidents:
        return "No open incidents.", [section("No open incidents."), context(link(all_url, "All incidents"))]
    lines = [section(f"*{link(one.url, f'#{one.number} {one.title}', 300)}*\n{_state(one)}") for one in incidents[:10]]
    more = f" · {len(incidents) - 10} more" if len(incidents) > 10 else ""
    count = f"{len(incidents)} open incident{'s' if len(incidents) != 1 else ''}"
    return count, [*lines, context(link(all_url, "All incidents") + more)]


def topic(incident: IncidentFacts, *, next_update: str = "") -> str:
    """A channel's topic, at most 250 characters: severity, status, commander, next update, title."""
    severity = clip(incident.severity.upper(), 10)
    commander = f"Commander {incident.commander.named()}" if incident.commander else "No commander"
    due = f"next update {clip(one_line(next_update), 60)}" if next_update else ""
    state = " · ".join(part for part in (severity, clip(incident.status, 40), commander, due) if part)
    return f"{state} · {clip(one_line(incident.title), 250 - len(state) - 3)}"


def _text(incident: IncidentFacts, before: str = "") -> str:
    return clip(f"{before}{incident.severity.upper()} #{incident.number} {one_line(incident.title)}", FALLBACK)


def _sign(incident: IncidentFacts) -> str:
    practice = "Practice · " if incident.practice else ""
    return practice + SEVERITY_SIGNS.get(incident.severity, incident.severity.upper())


def _state(incident: IncidentFacts) -> str:
    return f"{clip(_sign(incident), 60)} · {clip(incident.status, 40)}"


def _reference(incident: IncidentFacts) -> str:
    return link(incident.url, f"Incident #{incident.number}")


def _facts(incident: IncidentFacts) -> str:
    services = clip(", ".join(incident.services), SECTION // 2) or "not named yet"
    commander = incident.commander.mention() if incident.commander else "nobody yet"
    where = f"\n*Channel* <#{incident.channel}>" if incident.channel else ""
    return (
        f"*{_reference(incident)}* · {clip(incident.status, 40)}\n*Services* {services}\n*Commander* {commander}{where}"
    )


def _credits(incident: IncidentFacts) -> list[str]:
    declared = f"Declared by {incident.declared_by.named()}" if incident.declared_by else "Declared by an alert"
    return [declared, "This is practice; nobody outside is affected" if incident.practice else ""]


def _buttons(incident: IncidentFacts, *, join: bool) -> Block:
    number = str(incident.number)
    room = button("Open room", "incident.open", number, url=incident.url)
    return actions(*([button("Join", "incident.join", number, style="primary")] if join else []), room)
