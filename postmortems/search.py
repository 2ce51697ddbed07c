"""One search over what people look for, by kind, and only what the asker may see.

Words are looked for as PostgreSQL's full-text search does (with "quotes", OR and -without), their beginnings too;
`#12`, `PM7`, `P3`, `K4`, `A5` find by number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from changes.models import Change
from incidents.models import Incident
from notifications.errors import InvalidInput
from oncall.models import Service
from postmortems import fulltext
from postmortems.models import Action, Article, Postmortem, Problem, Section

SHOWN = 10
LONGEST = 200
_CODE = re.compile(r"(#|PM|P|K|A)?\s?(\d{1,9})", re.IGNORECASE)
_PLAIN = re.compile(r"[\w\s]+")


@dataclass(frozen=True)
class Hit:
    """One thing found. `label` is how it is called (`#12`, `P3`), `at` when it began, if it did."""

    label: str
    title: str
    url: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Sought:
    """What somebody looks for: the words as they stand, the query made of them, and a number with its prefix."""

    words: str
    query: Any
    prefix: str
    number: int | None

    def by_number(self, prefix: str) -> Q:
        """Matches the number, where none was named or it has this kind's prefix."""
        return Q(number=self.number) if self.number is not None and self.prefix in ("", prefix) else Q(pk__in=[])


def search(q: str, user: Any, *, limit: int = SHOWN) -> dict[str, list[Hit]]:
    """What is found, by kind, kinds with nothing left out. Raises `InvalidInput` for more than 200 characters."""
    words = " ".join(q.replace("\x00", " ").split())
    if len(words) > LONGEST:
        raise InvalidInput(q=f"This has {len(words)} characters; shorten it to {LONGEST} at most.")
    if not words:
        return {}
    sought = _sought(words)
    found = {kind: look(sought, user, limit) for kind, look in KINDS.items()}
    return {kind: hits for kind, hits in found.items() if hits}


def _sought(words: str) -> Sought:
    query: Any = SearchQuery(words, search_type="websearch", config="english")
    if _PLAIN.fullmatch(words):
        beginnings = " & ".join(f"{word}:*" for word in words.split())
        query = query | SearchQuery(beginnings, search_type="raw", config="english")
    code = _CODE.fullmatch(words)
    return Sought(words, query, (code[1] or "").upper() if code else "", int(code[2]) if code else None)


def _ranked(rows: QuerySet, sought: Sought, vector: Any, prefix: str, limit: int) -> list[Any]:
    """The row of that number first, then the best matches, then the latest."""
    rows = rows.annotate(vector=vector, rank=SearchRank(F("vector"), sought.query))
    numbered = sought.by_number(prefix)
    exact = list(rows.filter(numbered)[:1])
    others = rows.filter(vector=sought.query).exclude(pk__in=[row.pk for row in exact]).order_by("-rank", "-number")
    return [*exact, *others[: limit - len(exact)]]


def _incidents(sought: Sought, user: Any, limit: int) -> list[Hit]:
    rows = _ranked(Incident.objects.visible_to(user), sought, fulltext.INCIDENT, "#", limit)
    return [
        Hit(f"#{row.number}", row.title, row.get_absolute_url(), _beginning(row.summary), row.started_at)
        for row in rows
    ]


def _postmortems(sought: Sought, user: Any, limit: int) -> list[Hit]:
    visible = Postmortem.objects.visible_to(user)
    rows = _ranked(visible, sought, fulltext.POSTMORTEM, "PM", limit)
    inside = Section.objects.annotate(vector=fulltext.SECTION).filter(vector=sought.query)
    known = [row.pk for row in rows]
    rows += visible.filter(pk__in=inside.values("postmortem")).exclude(pk__in=known)[: limit - len(rows)]
    return [Hit(f"PM{row.number}", row.title, row.get_absolute_url(), at=row.opened_at) for row in rows]


def _problems(sought: Sought, user: Any, limit: int) -> list[Hit]:
    rows = _ranked(Problem.objects.visible_to(user), sought, fulltext.PROBLEM, "P", limit)
    return [Hit(f"P{row.number}", row.title, row.get_absolute_url(), _beginning(row.statement)) for row in rows]


def _articles(sought: Sought, user: Any, limit: int) -> list[Hit]:
    rows = _ranked(Article.objects.visible_to(user).current(), sought, fulltext.ARTICLE, "K", limit)
    return [Hit(f"K{row.number}", row.title, row.get_absolute_url(), _beginning(row.issue)) for row in rows]


def _actions(sought: Sought, user: Any, limit: int) -> list[Hit]:
    rows = _ranked(Action.objects.visible_to(user), sought, fulltext.ACTION, "A", limit)
    return [Hit(f"A{row.number}", row.title, f"/actions/{row.number}/") for row in rows]


def _services(sought: Sought, user: Any, limit: int) -> list[Hit]:
    named = Q(slug__icontains=sought.words) | Q(name__icontains=sought.words)
    rows = Service.objects.visible_to(user).annotate(vector=fulltext.SERVICE)
    rows = rows.filter(named | Q(vector=sought.query))
    return [Hit(row.slug, row.name, f"/services/{row.slug}/", _beginning(row.description)) for row in rows[:limit]]


def _changes(sought: Sought, user: Any, limit: int) -> list[Hit]:
    rows = Change.objects.visible_to(user).select_related("service").annotate(vector=fulltext.CHANGE)
    rows = rows.filter(Q(revision__startswith=sought.words.lower()) | Q(ref=sought.words) | Q(vector=sought.query))
    return [
        Hit(row.short_revision or row.key[:40], str(row), f"/changes/{row.pk}/", _beginning(row.description))
        for row in rows[:limit]
    ]


def _beginning(text: str, most: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


KINDS: dict[str, Callable[[Sought, Any, int], list[Hit]]] = {
    "incidents": _incidents,
    "postmortems": _postmortems,
    "problems": _problems,
    "articles": _articles,
    "actions": _actions,
    "services": _services,
    "changes": _changes,
}
