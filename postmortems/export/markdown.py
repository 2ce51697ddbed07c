"""A post-mortem as one Markdown text, to keep or to carry elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from notifications.links import absolute
from postmortems.models import Action, Postmortem
from postmortems.timeline import told

_PICTURE = re.compile(r"\]\(image:([A-Za-z0-9_-]{6,24})(?=[\s)])")


def as_markdown(postmortem: Postmortem, user: Any) -> str:
    """Facts, sections, timeline, factors and actions, as far as `user` may see them. Times are in UTC."""
    parts = [
        f"# {postmortem.title}",
        "\n".join(_facts(postmortem)),
        *(f"## {s.title}\n\n{_linked(s.body.strip()) or '_Not written yet._'}" for s in postmortem.sections.all()),
        _block("Timeline of events", _timeline(postmortem, user)),
        _block("Factors", _factors(postmortem)),
        _block("Action items", _actions(postmortem, user)),
        f"_Made by {user} on {_time(timezone.now())} from {absolute(postmortem.get_absolute_url())}_",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(postmortem: Postmortem) -> Iterator[str]:
    yield f"- Post-mortem {postmortem.number}, {postmortem.get_status_display()}"
    for incident in postmortem.incidents.prefetch_related("services"):
        services = ", ".join(service.name for service in incident.services.all()) or "no service named"
        yield f"- Incident #{incident.number} ({incident.get_severity_display()}): {incident.title} – {services}"
        moments = {
            "started": incident.started_at,
            "detected": incident.detected_at,
            "mitigated": incident.mitigated_at,
            "resolved": incident.resolved_at,
        }
        yield "  - " + ", ".join(f"{name} {_time(at)}" for name, at in moments.items() if at)
    if postmortem.facilitator:
        yield f"- Facilitator: {postmortem.facilitator}"
    for review in postmortem.reviews.select_related("person"):
        state = f"signed off {_time(review.signed_off_at)}" if review.signed_off_at else "not signed off"
        yield f"- Reviewer for {review.get_side_display()}: {review.person}, {state}"
    if postmortem.published_at:
        yield f"- First published: {_time(postmortem.published_at)}"


def _timeline(postmortem: Postmortem, user: Any) -> Iterator[str]:
    for one in told(postmortem, user).moments:
        yield f"- {_time(one.at)} · {one.phase_name} · {_emphasis(' '.join(one.text.split()), one.key_moment)}"
        if one.how_it_looked:
            yield f"  - How it looked: {' '.join(one.how_it_looked.split())}"


def _factors(postmortem: Postmortem) -> Iterator[str]:
    for finding in postmortem.findings.select_related("factor"):
        note = f": {' '.join(finding.note.split())}" if finding.note else ""
        yield f"- {finding.factor} ({finding.get_kind_display()}){note}"


def _actions(postmortem: Postmortem, user: Any) -> Iterator[str]:
    actions = Action.objects.visible_to(user).filter(postmortem=postmortem).select_related("owner", "team")
    for action in actions:
        owner = " · ".join(str(one) for one in (action.owner, action.team) if one) or "nobody yet"
        done = "x" if action.state == "done" else " "
        yield f"- [{done}] {action.title} ({action.get_state_display()}, {owner}, due {action.due_on})"


def _linked(body: str) -> str:
    """With whole addresses for our pictures: they are shown to those who may see the post-mortem."""
    return _PICTURE.sub(lambda found: f"]({absolute(f'/images/{found[1]}')}", body)


def _block(title: str, lines: Iterator[str]) -> str:
    text = "\n".join(lines)
    return f"## {title}\n\n{text}" if text else ""


def _emphasis(text: str, strong: bool) -> str:
    return f"**{text}**" if strong else text


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
