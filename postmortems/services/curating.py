"""The timeline of a post-mortem: entries picked from its incidents, with their evidence, and moments added later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from incidents.models import Incident, TimelineEntry
from incidents.services import add_note, common
from notifications.errors import InvalidInput
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.models import CuratedEntry, OwnMoment, Postmortem
from postmortems.services.common import choice, prose, tell, words
from postmortems.services.sections import writable

LONGEST = 20_000
EARLIEST = timedelta(days=365)
"""Before the incident began: what is further away is a slip of the hand."""


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
    return curate_many(
        postmortem=postmortem,
        entries=[entry],
        by=by,
        phase=phase,
        how_it_looked=how_it_looked,
        key_moment=key_moment,
    )[0]


@transaction.atomic
def curate_many(
    *,
    postmortem: Postmortem,
    entries: Iterable[TimelineEntry],
    by: Person | None,
    phase: str | None = None,
    how_it_looked: str | None = None,
    key_moment: bool | None = None,
) -> list[CuratedEntry]:
    """The same for several at once, all or none of them."""
    require_responder(by)
    postmortem = writable(postmortem)
    told = _told(phase, how_it_looked, key_moment)
    own = set(postmortem.incidents.values_list("pk", flat=True))
    picked = []
    for entry in entries:
        if entry.incident_id not in own:
            raise InvalidInput(entry="This entry belongs to an incident that this post-mortem is not about.")
        picked.append(CuratedEntry.objects.update_or_create(postmortem=postmortem, entry=entry, defaults=told)[0])
    tell(postmortem)
    return picked


@transaction.atomic
def uncurate(*, postmortem: Postmortem, entry: TimelineEntry, by: Person | None) -> Postmortem:
    """Leave an entry out; it stays on the incident's timeline."""
    return uncurate_many(postmortem=postmortem, entries=[entry], by=by)


@transaction.atomic
def uncurate_many(*, postmortem: Postmortem, entries: Iterable[TimelineEntry], by: Person | None) -> Postmortem:
    """The same for several at once."""
    require_responder(by)
    postmortem = writable(postmortem)
    CuratedEntry.objects.filter(postmortem=postmortem, entry__in=[entry.pk for entry in entries]).delete()
    tell(postmortem)
    return postmortem


@transaction.atomic
def add_moment(
    *,
    postmortem: Postmortem,
    at: datetime,
    text: str,
    by: Person | None,
    incident: Incident | None = None,
    phase: str | None = None,
    how_it_looked: str = "",
    key_moment: bool = False,
    source: str = "web",
) -> CuratedEntry | OwnMoment:
    """Write down what happened at `at`: a note on the timeline of `incident`, picked at once.

    Where the post-mortem has one incident, it need not be named; a near miss has none and keeps the moment itself.
    Raises `InvalidInput` for a time to come, or a year before it began, and `Conflict` once published.
    """
    require_responder(by)
    postmortem = writable(postmortem)
    told = _told(phase, how_it_looked, key_moment)
    text = words("text", text, most=LONGEST)
    of = _incident(postmortem, incident)
    at = _passed(at)
    _refuse_too_early(at, of.started_at if of else postmortem.opened_at, "the incident began" if of else "it was told")
    if of is None:
        own = OwnMoment.objects.create(postmortem=postmortem, at=at, text=text, by=by, **told)
        tell(postmortem)
        return own
    entry = add_note(incident=of, text=text, by=by, at=at, source=source)
    return curate(postmortem=postmortem, entry=entry, by=by, **told)


@transaction.atomic
def edit_moment(
    *,
    moment: OwnMoment,
    by: Person | None,
    at: datetime | None = None,
    text: str | None = None,
    phase: str | None = None,
    how_it_looked: str | None = None,
    key_moment: bool | None = None,
) -> OwnMoment:
    """Change a moment that the post-mortem itself tells; None leaves a thing as it is. As `add_moment` refuses."""
    require_responder(by)
    postmortem = writable(moment.postmortem)
    told: dict[str, Any] = _told(phase, how_it_looked, key_moment)
    if text is not None:
        told["text"] = words("text", text, most=LONGEST)
    if at is not None:
        told["at"] = _passed(at)
        _refuse_too_early(told["at"], postmortem.opened_at, "it was told")
    for name, value in told.items():
        setattr(moment, name, value)
    moment.save(update_fields=list(told))
    tell(postmortem)
    return moment


@transaction.atomic
def remove_moment(*, moment: OwnMoment, by: Person | None) -> Postmortem:
    """Take back a moment that the post-mortem itself tells."""
    require_responder(by)
    postmortem = writable(moment.postmortem)
    moment.delete()
    tell(postmortem)
    return postmortem


def _passed(at: datetime) -> datetime:
    return common.moment("at", at)


def _told(phase: str | None, how_it_looked: str | None, key_moment: bool | None) -> dict[str, Any]:
    """What is to be changed, checked."""
    told: dict[str, Any] = {}
    if phase is not None:
        told["phase"] = choice("phase", phase, CuratedEntry.Phase.values)
    if how_it_looked is not None:
        told["how_it_looked"] = prose("how_it_looked", how_it_looked).strip()
    if key_moment is not None:
        told["key_moment"] = key_moment
    return told


def _incident(postmortem: Postmortem, incident: Incident | None) -> Incident | None:
    """The incident that a new moment belongs to; None for a near miss."""
    about = list(postmortem.incidents.order_by("number"))
    if incident is None and len(about) > 1:
        numbers = ", ".join(f"#{one.number}" for one in about)
        raise InvalidInput(incident=f"This post-mortem is about {numbers}: say to which of them it belongs.")
    if incident is not None and incident not in about:
        raise InvalidInput(incident=f"This post-mortem is not about incident #{incident.number}.")
    return incident or (about[0] if about else None)


def _refuse_too_early(at: datetime, began: datetime, when: str) -> None:
    if at < began - EARLIEST:
        raise InvalidInput(
            at=f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC is more than a year before {when}"
            f" ({began.astimezone(UTC):%Y-%m-%d}): check the date."
        )
