"""The timeline of a post-mortem as it is read: what was picked from its incidents, what it tells itself, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from incidents.models import Incident
from notifications import durations
from oncall.models import Person
from postmortems import evidence
from postmortems.models import CuratedEntry, OwnMoment, Postmortem

LATE = timedelta(minutes=10)
"""What people write down this much after it happened says so."""
SAID = ("note", "link", "message")
"""What people write; changes and alerts of before the incident are entered when it is declared."""


@dataclass(frozen=True)
class Told:
    """One moment. `entry` is the id of the incident's entry, `own` that of the post-mortem's own; one of them is set;
    `picked` is what was picked of that entry.

    `number`: of a key moment, counted from 1, else 0. `after`: how long after the moment before, in words; `late`: how
    long after it happened it was written down, in words. `opens`: it begins another phase, which lasts for `lasts`.
    """

    at: datetime
    recorded_at: datetime
    kind: str
    text: str
    phase: str
    key_moment: bool
    how_it_looked: str
    entry: int | None = None
    own: int | None = None
    picked: CuratedEntry | None = None
    actor: str = ""
    incident: Incident | None = None
    evidence: list[evidence.Link] = field(default_factory=list)
    number: int = 0
    after: str = ""
    opens: bool = False
    lasts: str = ""

    @property
    def phase_name(self) -> str:
        return CuratedEntry.Phase(self.phase).label

    @property
    def late(self) -> str:
        pause = self.recorded_at - self.at
        return said(pause) if self.kind in SAID and pause > LATE else ""


@dataclass(frozen=True)
class Timeline:
    """`moments` in the order of time; `hidden`: how many are left out, for they are of incidents not to be seen."""

    moments: list[Told]
    hidden: int

    @property
    def spans_days(self) -> bool:
        return len({timezone.localdate(told.at) for told in self.moments}) > 1

    @property
    def spans_incidents(self) -> bool:
        return len({told.incident.pk for told in self.moments if told.incident}) > 1


def told(postmortem: Postmortem, user: Person | Any) -> Timeline:
    """As far as `user` may see the incidents that the moments are of; in three queries."""
    picked = CuratedEntry.objects.filter(postmortem=postmortem).select_related("entry__actor", "entry__incident")
    seen = picked.filter(entry__incident__in=Incident.objects.visible_to(user))
    moments = [of_entry(one) for one in seen] + [
        of_own(one) for one in OwnMoment.objects.filter(postmortem=postmortem).select_related("by")
    ]
    moments.sort(key=lambda one: (one.at, one.entry or 0, one.own or 0))
    return Timeline(_in_order(moments), picked.count() - sum(one.entry is not None for one in moments))


def of_entry(picked: CuratedEntry) -> Told:
    """One that was picked, by itself."""
    entry = picked.entry
    return Told(
        at=entry.at,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        text=entry.text,
        phase=picked.phase,
        key_moment=picked.key_moment,
        how_it_looked=picked.how_it_looked,
        entry=entry.pk,
        picked=picked,
        actor=str(entry.actor) if entry.actor else entry.actor_name,
        incident=entry.incident,
        evidence=evidence.links(
            incident=entry.incident.number, entry=entry.pk, kind=entry.kind, source=entry.source, data=entry.data
        ),
    )


def of_own(moment: OwnMoment) -> Told:
    """One of the post-mortem itself."""
    return Told(
        at=moment.at,
        recorded_at=moment.recorded_at,
        kind="note",
        text=moment.text,
        phase=moment.phase,
        key_moment=moment.key_moment,
        how_it_looked=moment.how_it_looked,
        own=moment.pk,
        actor=str(moment.by) if moment.by else "",
    )


def _in_order(moments: Iterable[Told]) -> list[Told]:
    """With what each is among the others: its number, the pause before it, the phase that it opens."""
    found: list[Told] = []
    number = 0
    for one in moments:
        before = found[-1] if found else None
        number += one.key_moment
        opens = before is None or before.phase != one.phase
        after = said(one.at - before.at) if before and one.at - before.at >= timedelta(minutes=1) else ""
        found.append(replace(one, number=number if one.key_moment else 0, after=after, opens=opens))
    openers = [index for index, one in enumerate(found) if one.opens]
    ends = [found[index].at for index in openers[1:]] + [found[-1].at] if found else []
    for index, end in zip(openers, ends, strict=True):
        length = end - found[index].at
        found[index] = replace(found[index], lasts=said(length) if length else "")
    return found


def said(length: timedelta) -> str:
    """A length of time in words."""
    return durations.words(length.total_seconds())
