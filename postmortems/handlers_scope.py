"""An incident's timeline says when a post-mortem began, or ceased, to be about it."""

from __future__ import annotations

from incidents import timeline
from incidents.models import Incident
from notifications.models import Event
from postmortems.models import Postmortem

WORDS = {
    "postmortem.incident_added": "Post-mortem {} is about this incident, too",
    "postmortem.incident_removed": "Post-mortem {} is about this incident no more",
}


def enter_on_its_timeline(event: Event) -> None:
    """Without the post-mortem's title, which may come from an incident that not everybody may see."""
    postmortem = Postmortem.objects.get(number=event.payload["postmortem"])
    timeline.add(
        incident=Incident.objects.get(number=event.payload["incident"]),
        kind="link",
        text=WORDS[event.type].format(postmortem.number),
        at=event.at,
        data={"postmortem": postmortem.number, "url": postmortem.get_absolute_url()},
        dedup_key=f"postmortem:{postmortem.number}:{event.pk}",
    )
