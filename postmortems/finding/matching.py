"""Where words are looked for in each kind of record: conditions of the database for what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from notifications.fulltext import word
from postmortems.finding import fulltext
from postmortems.finding.querying import Sought, Term
from postmortems.models import Section

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Place:
    """Where a kind keeps its words: the full-text `vector`, its fields, and `inside`, what else belongs to it.

    `latest`: the field by which the latest comes first. `spelt`: mistyped words are looked for in so many fields.
    """

    vector: Any
    fields: tuple[str, ...]
    inside: Callable[[Callable[[Place, Term], Q], Term], Q] | None = None
    latest: str = "number"
    spelt: int = 1

    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.annotate(vector=self.vector)


def as_word(place: Place, term: Term) -> Q:
    """It stands there as a word, or begins one; a phrase, or what has signs in it, as a part."""
    if not term.is_word:
        return as_part(place, term)
    return Q(vector=word(term.text)) | _inside(place, as_word, term)


def as_part(place: Place, term: Term) -> Q:
    """It stands there, be it within a word."""
    if not term.is_long:
        return Q(vector=word(term.text)) if term.is_word else NOTHING
    return reduce(or_, (_contains(field, term) for field in place.fields)) | _inside(place, as_part, term)


def as_it_stands(place: Place, term: Term) -> Q:
    """All of it, spaces and signs as they were typed: what a plain text search finds."""
    return reduce(or_, (Q(**{f"{field}__icontains": term.text}) for field in place.fields)) | _inside(
        place, as_it_stands, term
    )


def either(place: Place, term: Term) -> Q:
    """Parts first: PostgreSQL checks them in each row, and makes the words of those alone that have none."""
    return as_part(place, term) | as_word(place, term) if term.is_long else as_word(place, term)


def where(sought: Sought, place: Place, how: Callable[[Place, Term], Q], rows: QuerySet[Any]) -> Q:
    """Every term of one of the alternatives holds. `rows`: those looked among, as the place prepared them."""
    return reduce(
        or_,
        (
            reduce(and_, (_lacks(place, term, rows) if term.without else how(place, term) for term in terms))
            for terms in sought.alternatives
        ),
        NOTHING,
    )


def _lacks(place: Place, term: Term, rows: QuerySet[Any]) -> Q:
    """Those that have it are looked up, and left out: the words of each row are not made anew."""
    return ~Q(pk__in=rows.order_by().filter(as_word(place, term)).values("pk"))


def _contains(field: str, term: Term) -> Q:
    """For a phrase every piece, which the index finds, and then all of it, whatever spaces stand between."""
    pieces = reduce(and_, (Q(**{f"{field}__icontains": piece}) for piece in term.pieces))
    return pieces & Q(**{f"{field}__iregex": term.pattern}) if len(term.pieces) > 1 else pieces


def _inside(place: Place, how: Callable[[Place, Term], Q], term: Term) -> Q:
    return place.inside(how, term) if place.inside else NOTHING


BODY = Place(fulltext.SECTION, ("body",))


def in_sections(how: Callable[[Place, Term], Q], term: Term) -> Q:
    """Of a post-mortem: in one of its sections, or among its keywords."""
    sections = BODY.prepare(Section.objects.order_by()).filter(how(BODY, term))
    return Q(pk__in=sections.values("postmortem")) | Q(keyword_text__icontains=term.text)


class OfPostmortems(Place):
    def prepare(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().prepare(rows).annotate(keyword_text=Cast("keywords", TextField()))


INCIDENT = Place(fulltext.INCIDENT, ("title", "summary"))
POSTMORTEM = OfPostmortems(fulltext.POSTMORTEM, ("title",), in_sections, latest="opened_at")
PROBLEM = Place(fulltext.PROBLEM, ("title", "symptoms", "statement", "workaround", "cause_notes"), spelt=2)
ARTICLE = Place(fulltext.ARTICLE, ("title", "issue", "environment", "resolution", "cause"), spelt=2)
ACTION = Place(fulltext.ACTION, ("title",))
SERVICE = Place(fulltext.SERVICE, ("slug", "name", "description"), latest="pk")
CHANGE = Place(fulltext.CHANGE, ("description",), latest="pk")
