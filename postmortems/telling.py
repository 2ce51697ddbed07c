"""Telling one person something that can wait: a delivery to the first contact method that is worth trying."""

from __future__ import annotations

import structlog

from notifications import deliveries
from notifications.links import absolute
from oncall.models import Person
from oncall.paging.reach import methods_of

log = structlog.get_logger(__name__)


def tell_person(person: Person, *, key: str, about: str, subject: str, text: str, url: str) -> bool:
    """Have this person told once for each `key`; whether there is a way to reach them. `url` is a path of ours."""
    methods = methods_of(person) if person.is_active else []
    if not methods:
        log.warning("nobody_told", person_id=person.pk, about=about, reason="no contact method")
        return False
    deliveries.enqueue(
        dedup_key=key,
        about=about,
        channel=methods[0].kind,
        address=methods[0].address,
        method=methods[0],
        message={"kind": "notice", "subject": subject, "text": text, "url": absolute(url)},
    )
    return True
