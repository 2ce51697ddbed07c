"""What is around an incident when its suspects are computed: changes near in time and in the catalogue.

The ranking is pure (`incidents/suspects.py`); this gathers what it ranks, in a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from changes.models import Change, LedgerEntry
from incidents import suspects
from incidents.dependencies import edges
from incidents.evidence import Panel, evidence
from incidents.models import Incident, Verdict
from incidents.rollouts import TELLING, Rollout, rollout
from oncall.models import Service
from telemetry.kept_steps import told_steps
from telemetry.models import Snapshot

SHOWN = 5


@dataclass(frozen=True)
class SuspectedChange:
    """A change that may have had a part: its rank from 1, points by reason, and what people said of it."""

    rank: int
    change: Change
    points: float
    reasons: tuple[suspects.Reason, ...]
    verdict: Verdict | None


def suspects_of(incident: Incident, *, limit: int | None = SHOWN) -> list[SuspectedChange]:
    """Suspected changes, best first; `limit` None is all, also those that more speaks against than for.

    What somebody judged is shown however it ranks.
    """
    ranking = _ranking(incident)
    verdicts = {verdict.change_id: verdict for verdict in incident.verdicts.select_related("by")}
    best = ranking if limit is None else suspects.best(ranking, limit)
    shown = [one for one in ranking if one in best or int(one.change.key) in verdicts]
    changes = Change.objects.select_related("service").in_bulk([int(one.change.key) for one in shown])
    return [
        SuspectedChange(
            rank=ranking.index(one) + 1,
            change=changes[int(one.change.key)],
            points=round(one.points, 1),
            reasons=one.reasons,
            verdict=verdicts.get(int(one.change.key)),
        )
        for one in shown
    ]


def rank_of(incident: Incident, change: Change) -> int:
    """Where a change stands among all that were ranked, from 1; 0 where it is not suspected at all."""
    keys = [one.change.key for one in _ranking(incident)]
    return keys.index(str(change.pk)) + 1 if str(change.pk) in keys else 0


def _ranking(incident: Incident) -> list[suspects.Suspect]:
    affected = {service.pk: service for service in incident.services.all()}
    links = edges(affected)
    near = {pk for link in links for pk in link} | set(affected)
    platforms = {service.platform for service in affected.values() if service.platform}
    slugs = dict(Service.objects.filter(Q(pk__in=near) | Q(platform__in=platforms)).values_list("pk", "slug"))
    trouble = _trouble(incident, {service.environment for service in affected.values()})
    since, until = trouble.began_at - suspects.LONG_WINDOW, trouble.began_at + suspects.AFTER
    changes = list(Change.objects.touching(slugs, since, until))
    rollouts = _rollouts(changes, trouble.began_at)
    candidates = [
        _candidate(
            change,
            slugs[change.service_id or 0],
            rollouts.get(change.pk) or Rollout(change.state, change.started_at, change.finished_at),
            shared_platform=change.service_id not in near,
        )
        for change in changes
    ]
    telemetry = evidence(candidates, _panels(incident) if candidates else (), trouble.began_at)
    starts = [slugs[pk] for pk in affected]
    distances = suspects.dependency_distances(starts, [(slugs[one], slugs[other]) for one, other in links])
    return suspects.rank(candidates, trouble, distances, telemetry)


def _trouble(incident: Incident, environments: set[str]) -> suspects.Trouble:
    alerts = list(incident.alerts.values_list("starts_at", "release"))
    return suspects.Trouble(
        started_at=incident.started_at,
        environment=environments.pop() if len(environments) == 1 else "",
        alert_starts=tuple(start for start, _ in alerts),
        releases=frozenset(release for _, release in alerts if release),
    )


def _rollouts(changes: Iterable[Change], began_at: datetime) -> dict[int, Rollout]:
    """How each stood by change, where its summary does not say."""
    entries: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for change, state, at in LedgerEntry.objects.filter(change__in=changes).values_list("change", "state", "at"):
        entries[change].append((state, at))
    return {pk: rollout(told, began_at) for pk, told in entries.items() if TELLING & {state for state, _ in told}}


def _panels(incident: Incident) -> list[Panel]:
    """The panels kept for the incident that step; their series stay where they are."""
    kept = Snapshot.objects.about(incident.subject).filter(steps__isnull=False).exclude(steps=[])
    rows = kept.values_list("name", "service__name", "unit", "steps")
    return [Panel(name, service, unit, tuple(told_steps(steps))) for name, service, unit, steps in rows]


def _candidate(change: Change, service: str, went: Rollout, *, shared_platform: bool) -> suspects.Candidate:
    return suspects.Candidate(
        key=str(change.pk),
        service=service,
        kind=change.kind,
        state=went.state,
        started_at=went.started_at,
        finished_at=went.finished_at,
        environment=change.environment,
        revision=change.revision,
        emergency=change.type == Change.Type.EMERGENCY,
        overridden=change.overridden,
        shared_platform=shared_platform,
    )
