"""Who is at a post-mortem now, and in which section they write. Nothing of it is kept or counted."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications import live
from oncall.models import Person
from postmortems.models import Postmortem, Presence

STALE = timedelta(seconds=25)
"""Who was not heard of for so long has gone; open pages say every ten seconds that they are there."""


def topic(postmortem: Postmortem) -> str:
    """The live topic of coming and going, apart from that of the text: `presence:7`."""
    return f"presence:{postmortem.number}"


@transaction.atomic
def be_present(*, postmortem: Postmortem, person: Person, section: str = "") -> Presence:
    """They have its page open, and write in this section ("" for none). Others are told when that changed."""
    now = timezone.now()
    before = Presence.objects.filter(postmortem=postmortem, person=person).values_list("section", "seen_at").first()
    here = Presence(postmortem=postmortem, person=person, section=section[:40].replace("\0", ""), seen_at=now)
    Presence.objects.bulk_create(
        [here],
        update_conflicts=True,
        unique_fields=["postmortem", "person"],
        update_fields=["section", "seen_at"],
    )
    if before is None or before[0] != here.section or before[1] < now - STALE:
        live.publish(topic(postmortem))
    return here


@transaction.atomic
def leave(*, postmortem: Postmortem, person: Person) -> None:
    """They closed its page. Others are told if they had been there."""
    gone, _ = Presence.objects.filter(postmortem=postmortem, person=person).delete()
    if gone:
        live.publish(topic(postmortem))


def present(postmortem: Postmortem) -> list[Presence]:
    """Who is there now, by name."""
    since = timezone.now() - STALE
    here = Presence.objects.filter(postmortem=postmortem, seen_at__gte=since, person__is_active=True)
    return list(here.select_related("person").order_by("person__name", "person_id"))
