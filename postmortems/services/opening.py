"""Opening a post-mortem, or saying why an incident needs none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from incidents.context import suspects_of
from incidents.models import Incident
from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person
from oncall.permissions import require_responder
from postmortems.builtin import DEFAULT
from postmortems.curation import Entry, picks
from postmortems.due_dates import postmortem_due
from postmortems.models import CuratedEntry, Exemption, Postmortem, Section, Template
from postmortems.services.common import must_see, tell, words
from postmortems.services.facilitation import may_facilitate

SUSPECTS = 3


@transaction.atomic
def open_postmortem(
    *,
    incidents: Iterable[Incident] = (),
    template: str = DEFAULT,
    by: Person | None = None,
    title: str | None = None,
    facilitator: Person | None = None,
    another: bool = False,
) -> Postmortem:
    """Open one for these incidents, or for a near miss that has none and needs a `title`.

    Copies the template's sections and picks a timeline to begin with; the sections are left to the writers. Raises
    `Conflict` naming the post-mortem that an incident already has, unless `another` is asked for, and `InvalidInput`.
    """
    require_responder(by)
    chosen = _template(template)
    affected = list(Incident.objects.select_for_update(no_key=True).filter(pk__in=[i.pk for i in incidents]))
    if not another:
        _refuse_second(affected)
    may_facilitate(facilitator, affected)
    must_see("facilitator", facilitator, affected)
    now = timezone.now()
    postmortem = Postmortem.objects.create(
        number=next_number("postmortem"),
        title=words("title", title or _title(affected), most=200),
        template=chosen,
        facilitator=facilitator,
        opened_by=by,
        opened_at=now,
        due_at=postmortem_due(min((incident.severity for incident in affected), default="sev4"), now),
    )
    postmortem.incidents.set(affected)
    _copy_sections(postmortem, chosen)
    for incident in affected:
        _pick_timeline(postmortem, incident)
    Exemption.objects.filter(incident__in=affected).delete()
    tell(postmortem, "postmortem.opened", incidents=[incident.number for incident in affected])
    if facilitator and facilitator != by:
        tell(postmortem, "postmortem.facilitator_named", facilitator=facilitator.pk)
    return postmortem


@transaction.atomic
def exempt(*, incident: Incident, reason: str, by: Person | None) -> Exemption:
    """Keep why this incident needs no post-mortem. Raises `Conflict` where it has one."""
    require_responder(by)
    reason = words("reason", reason)
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    _refuse_second([incident])
    exemption, _ = Exemption.objects.update_or_create(incident=incident, defaults={"reason": reason, "by": by})
    return exemption


def _template(slug: str) -> Template:
    found = Template.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Template.objects.order_by("slug").values_list("slug", flat=True))
        raise InvalidInput(template=f"{slug!r} is no template: choose one of {known}.")
    return found


def _refuse_second(incidents: Sequence[Incident]) -> None:
    for incident in incidents:
        if existing := incident.postmortems.first():
            raise Conflict(
                f"Incident #{incident.number} has post-mortem {existing.number} already: write there.",
                postmortem=existing.number,
                url=existing.get_absolute_url(),
            )


def _title(incidents: Sequence[Incident]) -> str:
    return min(incidents, key=lambda incident: incident.severity).title if incidents else ""


def _copy_sections(postmortem: Postmortem, template: Template) -> None:
    Section.objects.bulk_create(
        Section(
            postmortem=postmortem,
            key=section.key,
            title=section.title,
            questions=section.questions,
            position=section.position,
        )
        for section in template.sections.all()
    )


def _pick_timeline(postmortem: Postmortem, incident: Incident) -> None:
    entries = incident.timeline.values_list("id", "kind", "at", "data")
    chosen = picks((Entry(*entry) for entry in entries), suspects=_suspects(incident), detected_at=incident.detected_at)
    CuratedEntry.objects.bulk_create(
        CuratedEntry(postmortem=postmortem, entry_id=pick.id, phase=pick.phase, key_moment=pick.key_moment)
        for pick in chosen
    )


def _suspects(incident: Incident) -> list[int]:
    """Changes that people confirmed; where they confirmed none, the first that nobody rejected."""
    judged = incident.verdicts.filter(verdict="confirmed")
    if confirmed := list(judged.values_list("change", flat=True)):
        return confirmed
    return [one.change.pk for one in suspects_of(incident) if one.verdict is None][:SUSPECTS]
