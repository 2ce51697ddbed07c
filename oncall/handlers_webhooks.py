"""Reactions to what became of outgoing webhooks (config/reactions.py)."""

from __future__ import annotations

from notifications.models import Event
from oncall.models import Person
from oncall.tell import tell_person


def tell_administrators(event: Event) -> None:
    """A webhook was disabled because of how its subscriber answers: somebody should look."""
    name, why = event.payload["name"], event.payload["why"]
    subject = f"The webhook “{name}” is disabled"
    text = f"{subject}. {why} What waited for it has failed; enable it and replay that when it is well again."
    for person in Person.objects.active().filter(role=Person.Role.ADMINISTRATOR).order_by("pk"):
        tell_person(
            person,
            key=f"webhook-disabled:{event.pk}:{person.pk}",
            about=f"webhook:{event.payload['webhook']}",
            subject=subject,
            text=text,
            url=f"/settings/webhooks/{event.payload['webhook']}/",
        )
