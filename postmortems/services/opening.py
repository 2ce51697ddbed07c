"""Opening a post-mortem, or saying why an incident needs none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from incidents.context import suspects_of
from incidents.models import Incident
from incidents.models.incident import Status
from notifications.errors import Conflict, InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Service
from oncall.permissions import require_responder
from postmortems.builtin import DEFAULT, DEFAULT_OF_NEAR_MISSES
from postmortems.curation import Entry, picks
from postmortems.due_dates import postmortem_due
from postmortems.models import CuratedEntry, Exemption, Postmortem, RequiredTemplate, Section, Template
from postmortems.services.common import must_see, tell, words
from postmortems.services.facilitation import may_facilitate

SUSPECTS = 3


@transaction.atomic
def open_postmortem(
    *,
    incidents: Iterable[Incident] = (),
    template: str = "",
    by: Person | None = None,
    title: str | None = None,
    facilitator: Person | None = None,
    services: Iterable[Service] = (),
    another: bool = False,
) -> Postmortem:
    """Open one for these incidents, or for a near miss that has none and needs a `title`.

    `template`: its slug; without one, what the gravest severity asks for, or the usual one, or that of near misses.
    `services`: of a near miss, which has no incident to tell. Copies the template's sections and picks a timeline to
    begin with; the sections are left to the writers. Raises `Conflict` naming the post-mortem that an incident
    already has, unless `another` is asked for, and `InvalidInput`.
    """
    require_responder(by)
    affected = list(Incident.objects.select_for_update(no_key=True).filter(pk__in=[i.pk for i in incidents]))
    refuse_unfit(affected)
    chosen = choose_template(template, affected)
    if not another:
        refuse_second(affected)
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
    postmortem.services.set(services)
    _copy_sections(postmortem, chosen)
    for incident in affected:
        pick_timeline(postmortem, incident)
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
    refuse_second([incident])
    exemption, _ = Exemption.objects.update_or_create(incident=incident, defaults={"reason": reason, "by": by})
    return exemption


def choose_template(slug: str, incidents: Sequence[Incident]) -> Template:
    """The template to write with. Raises `InvalidInput` for one that is unknown, retired, or not the required one."""
    required = required_for(incidents)
    if not slug:
        return required.template if required else _template(DEFAULT if incidents else DEFAULT_OF_NEAR_MISSES)
    chosen = _template(slug)
    if required and required.template != chosen:
        raise InvalidInput(template=wants(required, f"not with {chosen.name!r}"))
    return chosen


def required_for(incidents: Sequence[Incident]) -> RequiredTemplate | None:
    """What the gravest of these incidents asks for, if it asks for anything."""
    severity = min((incident.severity for incident in incidents), default="")
    return RequiredTemplate.objects.filter(severity=severity).select_related("template").first()


def wants(required: RequiredTemplate, instead: str) -> str:
    """Which template a severity asks for, in a sentence."""
    template, severity = required.template, required.get_severity_display()
    return f"Post-mortems of {severity} are written with {template.name!r}, {instead}: choose {template.slug!r}."


def refuse_unfit(incidents: Iterable[Incident]) -> None:
    """Raises `InvalidInput` for what was merged into another, or was a false alarm. Practice may be practised on."""
    for incident in incidents:
        if incident.merged_into_id:
            raise InvalidInput(
                incidents=f"Incident #{incident.number} was merged into another one, which has its story: choose that."
            )
        if incident.status == Status.CANCELLED:
            raise InvalidInput(
                incidents=f"Incident #{incident.number} was a false alarm. If it was close, open a near miss."
            )


def _template(slug: str) -> Template:
    found = Template.objects.filter(slug=slug).first()
    if found is None or found.retired_at:
        known = ", ".join(Template.objects.filter(retired_at=None).order_by("slug").values_list("slug", flat=True))
        what = "is retired" if found else "is no template"
        raise InvalidInput(template=f"{slug!r} {what}: choose one of {known}.")
    return found


def refuse_second(incidents: Sequence[Incident]) -> None:
    """Raises `Conflict` naming the post-mortem that one of them has."""
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


def pick_timeline(postmortem: Postmortem, incident: Incident) -> None:
    """Begin the curated timeline with the entries of this incident that most likely belong there."""
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
