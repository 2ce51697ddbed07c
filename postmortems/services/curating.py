"""The post-mortem's timeline: entries picked from the incident's, which keep their evidence."""

from __future__ import annotations

from django.db import transaction

from incidents.models import TimelineEntry
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import CuratedEntry, Postmortem
from postmortems.services.common import choice, prose, tell
from postmortems.services.sections import writable


@transaction.atomic
def curate(
    *,
    postmortem: Postmortem,
    entry: TimelineEntry,
    by: Person | None,
    phase: str | None = None,
    how_it_looked: str | None = None,
    key_moment: bool | None = None,
) -> CuratedEntry:
    """Pick an entry, or change how it was picked; None leaves a thing as it is.

    `phase`: background, detection, diagnosis (to begin with) or repair. Raises `InvalidInput` for an entry of
    another incident, `Conflict` once published.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    if not postmortem.incidents.filter(pk=entry.incident_id).exists():
        raise InvalidInput(entry="This entry belongs to an incident that this post-mortem is not about.")
    picked, _ = CuratedEntry.objects.get_or_create(postmortem=postmortem, entry=entry)
    if phase is not None:
        picked.phase = choice("phase", phase, CuratedEntry.Phase.values)
    if how_it_looked is not None:
        picked.how_it_looked = prose("how_it_looked", how_it_looked).strip()
    if key_moment is not None:
        picked.key_moment = key_moment
    picked.save()
    tell(postmortem)
    return picked


@transaction.atomic
def uncurate(*, postmortem: Postmortem, entry: TimelineEntry, by: Person | None) -> Postmortem:
    """Leave an entry out; it stays on the incident's timeline."""
    require_responder(by)
    postmortem = writable(postmortem)
    CuratedEntry.objects.filter(postmortem=postmortem, entry=entry).delete()
    tell(postmortem)
    return postmortem
