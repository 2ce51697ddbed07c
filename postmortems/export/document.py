"""A post-mortem as a document for people outside Andon: what stands in it, as far as somebody may see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from incidents.models import Incident
from notifications import durations
from notifications.links import absolute
from oncall.models import Person
from postmortems import moments
from postmortems.models import Action, FactorFinding, Image, Postmortem
from postmortems.text.rendering import to_html
from postmortems.timeline import Told, told

ROWS = {
    "timeline": "Timeline",
    "factors": "Contributing factors",
    "mitigators": "What limited the harm",
    "actions": "Actions",
}
"""What is held in rows, and how it is headed where the template has no section for it."""
MOST_PICTURES = 60
MOST_PICTURE_BYTES = 20 * 1024 * 1024
NOT_WRITTEN = "Not written yet."
_OURS = re.compile(r'src="/images/([A-Za-z0-9_-]{6,24})"')


@dataclass(frozen=True)
class Part:
    """One section: what was written, as clean HTML, and which rows stand under it."""

    key: str
    title: str
    html: str = ""

    @property
    def rows(self) -> str:
        return self.key if self.key in ROWS else ""


@dataclass(frozen=True)
class Document:
    """All that an export shows. Times are in UTC. `course`: the drawn timeline, an SVG file, or nothing."""

    postmortem: Postmortem
    incidents: list[Incident]
    made_by: str
    made_at: datetime
    facts: list[tuple[str, str]]
    parts: list[Part]
    timeline: list[Told]
    course: str
    factors: list[FactorFinding]
    mitigators: list[FactorFinding]
    actions: list[Action]
    pictures: dict[str, Image]

    @property
    def kind(self) -> str:
        state = "" if self.published else f" · {self.postmortem.get_status_display()}"
        return f"Post-mortem {self.postmortem.number}{state}"

    @property
    def published(self) -> bool:
        return self.postmortem.status == Postmortem.Status.PUBLISHED

    @property
    def origin(self) -> str:
        """Who made it, when, and from what."""
        where = absolute(self.postmortem.get_absolute_url())
        return f"Made by {self.made_by} on {minute(self.made_at)} from {where}"


def document(postmortem: Postmortem, user: Person | Any) -> Document:
    """What `user` may see of it, now. Comments, interview notes and notes of the coach are not part of it."""
    incidents = list(
        Incident.objects.visible_to(user)
        .filter(postmortems=postmortem)
        .prefetch_related("services", "participants")
        .order_by("started_at")
    )
    findings = list(postmortem.findings.select_related("factor"))
    actions = Action.objects.visible_to(user).filter(postmortem=postmortem).select_related("owner", "team")
    timeline = told(postmortem, user).moments
    shown: dict[str, list[Any]] = {
        "timeline": timeline,
        "actions": list(actions),
        "factors": [one for one in findings if one.kind == FactorFinding.Kind.CONTRIBUTING],
        "mitigators": [one for one in findings if one.kind == FactorFinding.Kind.MITIGATING],
    }
    parts = list(_parts(postmortem, shown))
    return Document(
        postmortem=postmortem,
        incidents=incidents,
        made_by=str(user),
        made_at=timezone.now(),
        facts=list(_facts(postmortem, incidents)),
        parts=parts,
        course=moments.figure_svg(postmortem, user),
        pictures=_pictures(parts, user),
        **shown,
    )


def minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _parts(postmortem: Postmortem, shown: dict[str, list[Any]]) -> Iterator[Part]:
    """The sections in their order, then rows that have none. What was left empty is said in a draft only."""
    unfinished = postmortem.status != Postmortem.Status.PUBLISHED
    keys = set()
    for section in postmortem.sections.all():
        keys.add(section.key)
        html = to_html(section.body) if section.body.strip() else ""
        if html or shown.get(section.key):
            yield Part(section.key, section.title, html)
        elif unfinished:
            yield Part(section.key, section.title, f"<p><em>{NOT_WRITTEN}</em></p>")
    for key, title in ROWS.items():
        if key not in keys and shown[key]:
            yield Part(key, title)


def _facts(postmortem: Postmortem, incidents: list[Incident]) -> Iterator[tuple[str, str]]:
    for incident in incidents:
        yield f"Incident #{incident.number}", f"{incident.title} ({incident.get_severity_display()})"
        yield from _times(incident)
    services = {service.name for one in incidents for service in one.services.all()}
    services |= {service.name for service in postmortem.services.all()}
    people = {str(person) for one in incidents for person in one.participants.all()}
    people |= {str(one.person) for one in postmortem.invitations.select_related("person")}
    reviews = postmortem.reviews.select_related("person").exclude(signed_off_at=None)
    yield from (
        (label, value)
        for label, value in (
            ("Services", _listed(services)),
            ("Facilitator", str(postmortem.facilitator or "")),
            ("Took part", _listed(people)),
            ("Signed off", _listed(f"{one.person} ({one.get_side_display()})" for one in reviews)),
            ("First published", minute(postmortem.published_at) if postmortem.published_at else ""),
            ("Keywords", ", ".join(postmortem.keywords)),
            ("Source", postmortem.source_url),
        )
        if value
    )


def _times(incident: Incident) -> Iterator[tuple[str, str]]:
    known = {
        "Started": incident.started_at,
        "Detected": incident.detected_at,
        "Mitigated": incident.mitigated_at,
        "Resolved": incident.resolved_at,
    }
    yield from ((name, minute(at)) for name, at in known.items() if at)
    if incident.resolved_at:
        yield "Duration", durations.words((incident.resolved_at - incident.started_at).total_seconds())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names, key=str.casefold))


def _pictures(parts: Iterable[Part], user: Person | Any) -> dict[str, Image]:
    """The pictures that the text shows and `user` may see; so many and so large as a document can carry."""
    names = list(dict.fromkeys(name for part in parts for name in _OURS.findall(part.html)))[:MOST_PICTURES]
    seen = Postmortem.objects.visible_to(user).values("pk")
    there = {image.name: image for image in Image.objects.filter(name__in=names, postmortem__in=seen)} if names else {}
    found: dict[str, Image] = {}
    room = MOST_PICTURE_BYTES
    for name in names:
        if name in there and len(there[name].content) <= room:
            found[name] = there[name]
            room -= len(there[name].content)
    return found
