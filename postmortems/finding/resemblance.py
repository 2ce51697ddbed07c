"""Which records may resemble some words, and how much they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, itemgetter, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Upper

from postmortems.finding.highlighting import mark_words
from postmortems.finding.matching import Place
from postmortems.finding.similarity import STEM, alike, is_common, likeness, mutual, words

LATEST = 40
"""So many of the latest are compared for each way of finding them."""
LOOKED_UP = 12
"""So many words are looked up in the database, the first ones: a title comes before what else is told."""
LIKE = 0.25
"""From this score on it is worth showing."""
CERTAIN, CERTAIN_ELSEWHERE = 0.6, 0.8
"""From this on a known error is told to everybody in the room; the second where other services are concerned."""
_SAME_SERVICE = 0.25


@dataclass(frozen=True)
class SeenHit:
    """One thing that resembles what was asked. `matched`: its title, `excerpt`: a line of it, safe HTML with <mark>.

    `score`: 0 to 1, how alike in words; `workaround`: Markdown, of a known error.
    """

    kind: str
    row: Any
    score: float
    telling: int
    mutual: float
    same_service: bool
    matched: str
    excerpt: str = ""

    @property
    def number(self) -> int:
        return int(self.row.number)

    @property
    def title(self) -> str:
        return str(self.row.title)

    @property
    def url(self) -> str:
        return str(self.row.get_absolute_url())

    @property
    def workaround(self) -> str:
        return str(getattr(self.row, "workaround", ""))

    @property
    def is_like(self) -> bool:
        return self.score >= LIKE

    @property
    def weight(self) -> float:
        """The score, and more for the same service."""
        return self.score + _SAME_SERVICE * self.same_service


@dataclass(frozen=True)
class Seen:
    """What one person may see of it, the most useful first."""

    known_errors: list[SeenHit] = field(default_factory=list)
    incidents: list[SeenHit] = field(default_factory=list)
    articles: list[SeenHit] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.known_errors or self.incidents or self.articles)


def is_certain(hit: SeenHit, *, named: bool) -> bool:
    """Whether it speaks of the same beyond doubt. `named`: services are known, and they are others."""
    if hit.mutual >= 0.95:
        return True
    return hit.telling >= 2 and hit.mutual >= (CERTAIN_ELSEWHERE if named and hit.row.services.all() else CERTAIN)


def candidates(rows: QuerySet[Any], place: Place, asked: list[str], services: frozenset[int]) -> QuerySet[Any]:
    """The rows worth comparing: of those services, or with one of the words, as it stands or mistyped."""
    keys: set[int] = set()
    if services:
        keys |= _latest(rows.filter(services__in=services))
    telling = ([one for one in asked if not is_common(one)] or asked)[:LOOKED_UP]
    if telling:
        worded = rows.annotate(vector=place.vector)
        queries = [SearchQuery(one, config="english") | SearchQuery(one, config="simple") for one in telling]
        keys |= _latest(worded.filter(vector=reduce(or_, queries)))
        keys |= _latest(worded.filter(vector=reduce(and_, queries))) if len(queries) > 1 else set()
        for one in _unknown(place, rows.model, telling, queries):
            for name in place.fields[: place.spelt]:
                keys |= _latest(rows.annotate(spelt=Upper(name)).filter(spelt__trigram_word_similar=one.upper()))
    return rows.model._default_manager.filter(pk__in=keys).prefetch_related("services")


def _unknown(place: Place, model: type[Model], asked: list[str], queries: list[Any]) -> list[str]:
    """The words that no row of all has, as far as they are long enough to be mistyped ones: the longest three.

    Asked of all rows, whoever may see them: who may is asked where rows are taken, and costs much to ask of each word.
    """
    worded = model._default_manager.order_by().annotate(vector=place.vector)
    firsts = [
        worded.filter(vector=query).annotate(place=Value(at)).values_list("place", flat=True)[:1]
        for at, query in enumerate(queries)
    ]
    found = set(firsts[0].union(*firsts[1:], all=True)) if len(firsts) > 1 else set(firsts[0])
    unknown = [one for at, one in enumerate(asked) if at not in found and len(one) >= STEM and one.isalpha()]
    return sorted(unknown, key=len, reverse=True)[:3]


def _latest(rows: QuerySet[Any]) -> set[int]:
    """Sorted by an expression: else PostgreSQL may walk through all by number until it has met enough of them."""
    latest = rows.annotate(age=-F("number")).order_by("age")
    return set(latest.values_list("pk", flat=True)[:LATEST])


def hit(kind: str, row: Any, asked: list[str], services: frozenset[int], texts: Iterable[str]) -> SeenHit:
    """How this row resembles what was asked, by its title and by each line of its texts."""
    title = words(row.title)
    lines = [(line.strip(), words(line)) for text in texts for line in text.splitlines() if line.strip()][:40]
    everything = list(dict.fromkeys([*title, *(one for _, said in lines for one in said)]))
    whole = likeness(asked, everything)
    says_something = whole.telling or all(map(is_common, asked))
    both = max([mutual(asked, title), *(mutual(asked, said) for _, said in lines[:10])])
    entitled = likeness(asked, title).score
    excerpt, met = max(
        ((line, likeness(asked, said).score) for line, said in lines), key=itemgetter(1), default=("", 0)
    )
    return SeenHit(
        kind=kind,
        row=row,
        score=round(max(both, 0.7 * whole.score + 0.3 * entitled), 3) if says_something else 0.0,
        telling=whole.telling,
        mutual=both,
        same_service=not services.isdisjoint(service.pk for service in row.services.all()),
        matched=_marked(row.title, asked),
        excerpt=_marked(excerpt[:300] if met > entitled else "", asked),
    )


def _marked(text: str, asked: list[str]) -> str:
    return mark_words(text, lambda there: any(alike(one, there) for one in asked))
