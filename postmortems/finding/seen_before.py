"""What we have met before that resembles an incident: known errors with their workaround, incidents, articles.

PostgreSQL brings what shares a word, by full-text search, or what is spelt alike, by trigrams; `similarity` says how
alike it is. What is open comes first for somebody who is about to declare, so that nothing is declared twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from incidents.models import Incident
from incidents.querysets import OPEN
from notifications.fulltext import by_index
from oncall.models import Service
from postmortems.finding import matching, resemblance
from postmortems.finding.resemblance import Seen, SeenHit
from postmortems.finding.similarity import words
from postmortems.models import Article, Problem

SHOWN = 5
FEW = 3
"""While somebody types."""
PRESSING = 2
"""So many known errors of the service are told where the incident is like none."""
MOST = 20
MOST_WORDS = 24
_TRUST = {"validated": 0, "not_validated": 1}


@dataclass(frozen=True)
class Asked:
    """What is looked for: words, services concerned, and how many of each kind to answer."""

    words: list[str]
    services: frozenset[int]
    limit: int


def find(text: str, user: Any, *, services: Iterable[Service] = (), limit: int = FEW) -> Seen:
    """What resembles these words, or is known of these services, as far as this person may see it."""
    asked = Asked(words(text[:2000])[:MOST_WORDS], frozenset(service.pk for service in services), limit)
    incidents = Incident.objects.visible_to(user).filter(practice=False, merged_into=None).exclude(status="cancelled")
    with by_index():
        return Seen(_known_errors(asked, user), _incidents(asked, incidents, open_first=True), _articles(asked, user))


def for_incident(incident: Incident, user: Any, limit: int = SHOWN) -> Seen:
    """What resembles an incident that goes on: only incidents that are over, of its own kind (practice or not)."""
    text = f"{incident.title} {incident.summary[:300]}"
    services = frozenset(incident.services.values_list("pk", flat=True))
    asked = Asked(words(text)[:MOST_WORDS], services, limit)
    past = Incident.objects.visible_to(user).filter(status__in=("resolved", "closed"), practice=incident.practice)
    past = past.filter(merged_into=None).exclude(pk=incident.pk)
    with by_index():
        return Seen(_known_errors(asked, user), _incidents(asked, past, open_first=False), _articles(asked, user))


def certain_errors(incident: Incident, problems: Any) -> list[Problem]:
    """Of these known errors, those it resembles: of its services somewhat, of others beyond doubt; best first.

    Where it resembles none, the most pressing of its services.
    """
    known = problems.known_errors()
    if not known.exists():
        return []  # as in most storms: nothing more is asked
    services = frozenset(incident.services.values_list("pk", flat=True))
    asked = Asked(words(incident.title)[:MOST_WORDS], services, SHOWN)
    with by_index():
        hits = _rank_errors(asked, known)
    alike = [
        hit for hit in hits if (hit.is_like and hit.same_service) or resemblance.is_certain(hit, named=bool(services))
    ]
    return [hit.row for hit in alike or [hit for hit in hits if hit.same_service][:PRESSING]]


def _known_errors(asked: Asked, user: Any) -> list[SeenHit]:
    return _rank_errors(asked, Problem.objects.visible_to(user).known_errors())[: asked.limit]


def _rank_errors(asked: Asked, known: Any) -> list[SeenHit]:
    """Those of the same services first, then the most alike, then the most pressing."""
    rows = resemblance.candidates(known, matching.PROBLEM, asked.words, asked.services)
    rows = rows.select_related("owner", "team", "category")
    hits = [resemblance.hit("problem", row, asked.words, asked.services, (row.symptoms, row.statement)) for row in rows]
    kept = [hit for hit in hits if hit.same_service or hit.is_like]
    return sorted(
        kept, key=lambda hit: (not hit.same_service, -hit.score, hit.row.impact, hit.row.urgency, -hit.row.number)
    )


def _incidents(asked: Asked, incidents: Any, *, open_first: bool) -> list[SeenHit]:
    """The most alike; where services are named, those of the same count more, and go in though not alike."""
    rows = resemblance.candidates(incidents, matching.INCIDENT, asked.words, asked.services)
    hits = [resemblance.hit("incident", row, asked.words, asked.services, (row.summary[:2000],)) for row in rows]
    kept = [hit for hit in hits if hit.is_like or hit.same_service]
    first = OPEN if open_first else ()
    kept.sort(key=lambda hit: (hit.row.status not in first, -hit.weight, -hit.row.number))
    return kept[: asked.limit]


def _articles(asked: Asked, user: Any) -> list[SeenHit]:
    current = Article.objects.visible_to(user).current().filter(kind__in=("solution", "runbook"))
    rows = resemblance.candidates(current, matching.ARTICLE, asked.words, asked.services)
    rows = rows.select_related("team").annotate(uses_count=Count("uses", distinct=True))
    hits = [resemblance.hit("article", row, asked.words, asked.services, (row.issue, row.resolution)) for row in rows]
    kept = [hit for hit in hits if hit.is_like or hit.same_service]
    return sorted(kept, key=lambda hit: (-hit.weight, _TRUST.get(hit.row.confidence, 2), -hit.row.number))[
        : asked.limit
    ]


def first_line(workaround: str) -> str:
    """How a workaround begins, for where there is room for one line of plain text."""
    lines = workaround.replace("`", "").strip().splitlines()
    return lines[0].strip() if lines else ""
