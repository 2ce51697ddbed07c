"""Keeping a write-up that was read from elsewhere: a published post-mortem, and the incident it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from incidents.services.importing import import_incident
from notifications.numbers import next_number
from oncall.models import Person, Service
from postmortems.builtin import ensure_builtins
from postmortems.builtin.short import CONCISE
from postmortems.importing import Record
from postmortems.models import (
    CuratedEntry,
    Factor,
    FactorFinding,
    Postmortem,
    Section,
    SectionRevision,
    Template,
)

SECTION = "summary"
"""The section of the concise template that the text goes to; the first one where it has none of this key."""
_PHASES = {"Began": "background", "Noticed": "detection", "Mitigated": "repair", "Resolved": "repair"}


class Shelf:
    """Where write-ups are put: what is looked up once for all of them."""

    def __init__(self, by: Person | None) -> None:
        self.by = by

    @transaction.atomic
    def put(self, record: Record, services: Sequence[Service], unknown: Iterable[str] = ()) -> Postmortem:
        """Keep one. Nothing is told to anybody. `unknown`: names of services that are kept as keywords.

        Its number is taken before the incident's: whoever imports takes both in this order, so that two at once wait
        for one another rather than both for ever. Raises IntegrityError where the write-up is here already.
        """
        words = list(dict.fromkeys([*record.keywords, *unknown]))
        postmortem = self._postmortem(record, words)
        self._sections(postmortem, record.body)
        self._factors(postmortem, words)
        if record.started_at and record.resolved_at:
            self._incident(postmortem, record, services, record.started_at, record.resolved_at)
        else:
            postmortem.services.set(services)
        return postmortem

    def _postmortem(self, record: Record, words: Sequence[str]) -> Postmortem:
        now = timezone.now()
        told = record.published_at or record.resolved_at or record.started_at or now
        return Postmortem.objects.create(
            number=next_number("postmortem"),
            title=record.title,
            template=self._template,
            status=Postmortem.Status.PUBLISHED,
            opened_by=self.by,
            opened_at=told,
            published_at=told,
            source_url=record.source_url,
            keywords=[word[:60] for word in words],
            imported_at=now,
            import_key=record.key,
        )

    def _sections(self, postmortem: Postmortem, body: str) -> None:
        parts = list(self._template.sections.all())
        main = next((part for part in parts if part.key == SECTION), parts[0]).key
        sections = Section.objects.bulk_create(
            Section(
                postmortem=postmortem,
                key=part.key,
                title=part.title,
                questions=part.questions,
                position=part.position,
                body=body if part.key == main else "",
                version=int(bool(body) and part.key == main),
            )
            for part in parts
        )
        SectionRevision.objects.bulk_create(
            SectionRevision(section=section, version=1, body=body, by=self.by)
            for section in sections
            if section.version
        )

    def _factors(self, postmortem: Postmortem, words: Iterable[str]) -> None:
        found = {factor for word in words if (factor := self._taxonomy.get(word.casefold()))}
        FactorFinding.objects.bulk_create(
            FactorFinding(postmortem=postmortem, factor_id=factor) for factor in sorted(found)
        )

    def _incident(
        self, postmortem: Postmortem, record: Record, services: Sequence[Service], start: datetime, end: datetime
    ) -> None:
        incident = import_incident(
            title=record.title,
            severity=record.severity or "sev3",
            services=services,
            started_at=start,
            detected_at=record.detected_at,
            mitigated_at=record.mitigated_at,
            resolved_at=end,
        )
        postmortem.incidents.add(incident)
        CuratedEntry.objects.bulk_create(
            CuratedEntry(postmortem=postmortem, entry=entry, phase=_PHASES[entry.text])
            for entry in incident.timeline.all()
        )

    @cached_property
    def _template(self) -> Template:
        """The concise one: the shortest. Where it is gone, the first that is still offered."""
        wanted = Template.objects.filter(sections__isnull=False).distinct().prefetch_related("sections")
        found = wanted.filter(slug=CONCISE.slug).first() or wanted.filter(retired_at=None).first()
        if found is None:
            ensure_builtins()
            found = wanted.get(slug=CONCISE.slug)
        return found

    @cached_property
    def _taxonomy(self) -> dict[str, int]:
        """Factors by key, by name, and by each word of a name like "Time & clocks"."""
        found: dict[str, int] = {}
        for factor in Factor.objects.filter(retired_at=None):
            for word in (*factor.name.split("&"), factor.name, factor.key):
                found[word.strip().casefold()] = factor.pk
        return found
