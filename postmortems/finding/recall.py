"""Looking problems and articles up by what one sees, in whatever words: what has them, then what is like them."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, Value, When

from notifications.fulltext import by_index
from postmortems.finding import matching, resemblance
from postmortems.finding.matching import Place
from postmortems.finding.querying import parse
from postmortems.finding.search import LONGEST, Wanted, keys_of
from postmortems.finding.similarity import words
from postmortems.models import Article, Problem

MOST = 200


def ranked_problems(q: str, user: Any) -> list[int]:
    """Keys of the problems that these words find, the best first."""
    return _ranked(q, Problem.objects.visible_to(user), matching.PROBLEM, ("symptoms", "statement"))


def ranked_articles(q: str, user: Any) -> list[int]:
    """Keys of the articles that these words find, the best first."""
    return _ranked(q, Article.objects.visible_to(user), matching.ARTICLE, ("issue", "resolution"))


def in_order(rows: QuerySet[Any], keys: list[int]) -> QuerySet[Any]:
    """Those of the rows that have one of these keys, in the order of the keys."""
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
    return rows.filter(pk__in=keys).order_by(Case(*places, default=Value(len(keys))), "-pk")


def _ranked(q: str, rows: Any, place: Place, fields: tuple[str, ...]) -> list[int]:
    sought, asked = parse(q[:LONGEST]), words(q[:LONGEST])
    with by_index():
        exact = keys_of(rows, sought, place, Wanted(MOST))
        near = [
            resemblance.hit(place.fields[0], row, asked, frozenset(), [getattr(row, name) for name in fields])
            for row in resemblance.candidates(rows, place, asked, frozenset())
        ]
    near.sort(key=lambda hit: (-hit.score, -hit.row.number))
    return list(dict.fromkeys([*exact, *(hit.row.pk for hit in near if hit.is_like)]))[:MOST]
