"""What the practice workspace starts with: the people of the database, so that the demo's Ana is Ana in Slack too."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction

from notifications.models import ContactMethod
from oncall.models import Person
from oncall.services import save_contact_methods, update_person
from slack.dispatch import SHORTCUTS
from slack.manifest import SHORTCUT_NAMES
from slack.sandbox import Shortcut


def practice_id(email: str) -> str:
    """An id of Slack's form that stays the same for an address."""
    return "U" + hashlib.sha256(email.lower().encode()).hexdigest()[:10].upper()


@transaction.atomic
def people() -> list[dict[str, str]]:
    """Everybody who is active, as the workspace wants them.

    Under the demo (SLACK_PRACTICE_URL) each is linked with their practice user, and paged there first. Elsewhere
    nothing is written: a developer's own links stay.
    """
    found = []
    for person in Person.objects.active().prefetch_related("contact_methods").order_by("name"):
        slack_id = practice_id(person.email)
        if settings.SLACK_PRACTICE_URL:
            _link(person, slack_id)
        found.append({"id": slack_id, "name": person.name, "email": person.email})
    return found


def _link(person: Person, slack_id: str) -> None:
    if person.slack_id != slack_id:
        person = update_person(person=person, slack_id=slack_id)
    methods = [{"kind": one.kind, "address": one.address} for one in person.contact_methods.all()]
    here = {"kind": ContactMethod.Kind.SLACK.value, "address": slack_id}
    if here not in methods:
        others = [method for method in methods if method["kind"] != ContactMethod.Kind.SLACK]
        save_contact_methods(person=person, methods=[here, *others])


def shortcuts() -> list[Shortcut]:
    """The shortcuts that the dispatcher knows."""
    return [Shortcut(SHORTCUT_NAMES[name][0], name, SHORTCUT_NAMES[name][1]) for name in SHORTCUTS]
