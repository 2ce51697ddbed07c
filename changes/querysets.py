"""Questions asked of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Coalesce

from changes import words
from changes.redness import JUDGED
from oncall.querysets import VisibleToMembers

if TYPE_CHECKING:
    from changes.models import Change, Pipeline


class ChangeQuerySet(VisibleToMembers):
    def touching(self, service_ids: Iterable[int], since: datetime, until: datetime) -> ChangeQuerySet:
        """Changes of these services whose rollout overlaps [since, until]."""
        return (
            self.filter(service__in=service_ids, started_at__lte=until)
            .annotate(ended=Coalesce("finished_at", "started_at"))
            .filter(ended__gte=since)
        )

    def since(self, moment: datetime) -> ChangeQuerySet:
        """Changes still at work at `moment` or begun after it."""
        return self.filter(models.Q(started_at__gte=moment) | models.Q(finished_at__gte=moment))

    def by(self, person: str) -> ChangeQuerySet:
        """Changes in which somebody had a hand whose name, as senders write it, begins like this."""
        return self.filter(pk__in=self.model._default_manager.filter(entries__actor__istartswith=person).values("pk"))

    def that_say(self, text: str) -> ChangeQuerySet:
        """Changes that have all these words, or words that begin with them, in what was told of them."""
        query = words.asked(text)
        return self.alias(words=words.WORDS).filter(words=query) if query else self.none()

    def checked(self, there: bool) -> ChangeQuerySet:
        """Changes of which the deploy gate was asked, or was not."""
        if not there:
            return self.filter(gate_checks=None)
        return self.filter(pk__in=self.model._default_manager.filter(gate_checks__isnull=False).values("pk"))

    def answered(self, decision: str) -> ChangeQuerySet:
        """Changes of which the deploy gate, asked about them, said this: `allowed`, `awaiting` or `prevented`."""
        return self.filter(pk__in=self.model._default_manager.filter(gate_checks__decision=decision).values("pk"))

    def unmatched(self) -> ChangeQuerySet:
        """Changes whose sender named a service that we do not know."""
        return self.filter(service=None)


class LedgerEntryQuerySet(models.QuerySet):
    def unsealed(self) -> LedgerEntryQuerySet:
        """Entries that wait for their seal, in the order in which they get it."""
        return self.filter(seal=None).order_by("pk")


class PipelineRunQuerySet(VisibleToMembers):
    def of(self, pipeline: Pipeline) -> PipelineRunQuerySet:
        """Its runs, of whatever branch."""
        return self.filter(repository=pipeline.repository, pipeline=pipeline.name)

    def that_built(self, change: Change) -> PipelineRunQuerySet:
        """Runs on the revision that a change brought."""
        if not change.revision:
            return self.none()
        runs = self.filter(revision=change.revision)
        return runs.filter(repository__iexact=change.repository) if change.repository else runs

    def judged_of(self, pipeline: Pipeline) -> PipelineRunQuerySet:
        """Those that ended in success or failure, on the branch that counts."""
        runs = self.of(pipeline).judged()
        return runs.filter(branch__in=pipeline.branches) if pipeline.branches else runs

    def judged(self) -> PipelineRunQuerySet:
        """Runs that ended in success or failure."""
        return self.filter(status__in=JUDGED, finished_at__isnull=False)
