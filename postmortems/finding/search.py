"""One search over what people look for, by kind, and only what the asker may see.

First what has that number, then what has all that was typed as it stands, then what has every word (or its stem, or its
beginning), then what has every word within others; among these, titles first, then the latest. So whatever a plain text
search would find is found, and more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Cast

from changes.models import Change
from incidents.models import Incident
from notifications.errors import InvalidInput
from notifications.fulltext import by_index
from oncall.models import Service
from postmortems.finding import matching
from postmortems.finding.highlighting import snippet
from postmortems.finding.matching import Place
from postmortems.finding.querying import Sought, parse
from postmortems.models import Action, Article, Postmortem, Problem, Section

SHOWN = 10
MOST = 500
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """One thing found. `label` is how it is called (`#12`, `P3`), `at` when it began, if it did.

    `snippet` is safe HTML: what stands around the match, marked.
    """

    label: str
    title: str
    url: str
    text: str = ""
    at: datetime | None = None
    snippet: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which of what is found to answer: `limit` from `offset` on."""

    limit: int = SHOWN
    offset: int = 0

    @property
    def end(self) -> int:
        return self.offset + self.limit


def search(q: str, user: Any, *, limit: int = SHOWN, offset: int = 0, kind: str = "") -> dict[str, list[Hit]]:
    """What is found, by kind (or of one `kind`), kinds with nothing left out.

    Raises `InvalidInput` for more than 200 characters, an unknown kind, a limit over 500, an offset below 0.
    """
    _check(q, kind, limit, offset)
    sought, wanted = parse(q), Wanted(limit, offset)
    if not sought.words:
        return {}
    kinds = [kind] if kind else list(KINDS)
    with by_index():
        found = {name: KINDS[name](sought, user, wanted) for name in kinds}
    return {name: hits for name, hits in found.items() if hits}


def _check(q: str, kind: str, limit: int, offset: int) -> None:
    if len(" ".join(q.split())) > LONGEST:
        raise InvalidInput(q=f"This has {len(q)} characters; shorten it to {LONGEST} at most.")
    if kind and kind not in KINDS:
        raise InvalidInput(kind=f"{kind!r} is no kind: choose one of {', '.join(KINDS)}.")
    if not 1 <= limit <= MOST:
        raise InvalidInput(limit=f"{limit} is no limit: give a number from 1 to {MOST}.")
    if offset < 0:
        raise InvalidInput(offset=f"{offset} is before the first: give 0 or more.")


def _found(rows: QuerySet[Any], sought: Sought, place: Place, wanted: Wanted, exact: Q) -> list[Any]:
    """The rows wanted, best first."""
    keys = keys_of(rows, sought, place, wanted, exact)
    by_key = {row.pk: row for row in rows.filter(pk__in=keys[wanted.offset :])}
    return [by_key[key] for key in keys[wanted.offset :] if key in by_key]


def keys_of(
    rows: QuerySet[Any], sought: Sought, place: Place, wanted: Wanted, exact: Q = matching.NOTHING
) -> list[int]:
    """The keys of what is found, best first: no more is looked for than is needed to fill what is wanted."""
    rows = place.prepare(rows)
    keys: list[int] = []
    for condition in _tiers(sought, place, exact, rows):
        missing = wanted.end - len(keys)
        if missing <= 0:
            break
        more = rows.filter(condition).exclude(pk__in=keys).annotate(entitled=_yes_if(_in_title(sought, place)))
        keys += more.order_by("-entitled", f"-{place.latest}").values_list("pk", flat=True)[:missing]
    return keys


def _tiers(sought: Sought, place: Place, exact: Q, rows: QuerySet[Any]) -> Iterator[Q]:
    yield exact
    if sought.literal:
        yield matching.as_it_stands(place, sought.literal)
    yield matching.where(sought, place, matching.as_word, rows)
    yield matching.where(sought, place, matching.either, rows)


def _in_title(sought: Sought, place: Place) -> Q:
    """Whether every term of an alternative stands in the first of the fields: read in the row, never its words anew."""
    title = f"{place.fields[0]}__icontains"
    wanted = ([term for term in terms if not term.without] for terms in sought.alternatives)
    return reduce(
        or_, (reduce(and_, (Q(**{title: term.text}) for term in terms)) for terms in wanted), matching.NOTHING
    )


def _yes_if(condition: Q) -> Cast:
    """1 or 0, to order by; also where the condition can never hold (a bare 0 would name a column by its place)."""
    return Cast(Case(When(condition, then=Value(1)), default=Value(0)), SmallIntegerField())


def _number(sought: Sought, prefix: str) -> Q:
    """Matches the number, where none was named or it has this kind's prefix."""
    asked = sought.number is not None and sought.prefix in ("", prefix)
    return Q(number=sought.number) if asked else matching.NOTHING


def _seen(sought: Sought, *texts: str) -> str:
    """What to show of these texts: what stands around the first match, else how the first of them begins."""
    said = [text for text in texts if text]
    if not said:
        return ""
    return snippet(next((text for text in said if sought.marks.search(text)), said[0]), sought.marks)


def _incidents(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible, number = Incident.objects.visible_to(user), _number(sought, "#")
    return [
        Hit(
            f"#{row.number}",
            row.title,
            row.get_absolute_url(),
            beginning(row.summary),
            row.started_at,
            _seen(sought, row.summary),
        )
        for row in _found(visible, sought, matching.INCIDENT, wanted, number)
    ]


def _postmortems(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible, number = Postmortem.objects.visible_to(user), _number(sought, "PM")
    rows = _found(visible, sought, matching.POSTMORTEM, wanted, number)
    bodies = _bodies(sought, rows)
    return [
        Hit(
            f"PM{row.number}",
            row.title,
            row.get_absolute_url(),
            beginning(bodies.get(row.pk, "")),
            row.opened_at,
            _seen(sought, bodies.get(row.pk, ""), ", ".join(row.keywords)),
        )
        for row in rows
    ]


def _bodies(sought: Sought, rows: list[Postmortem]) -> dict[int, str]:
    """For each, the section that has most of what was typed."""
    best: dict[int, tuple[int, str]] = {}
    sections = Section.objects.filter(postmortem__in=rows).exclude(body="").order_by("position")
    for key, body in sections.values_list("postmortem", "body"):
        met = sought.met(body)
        if key not in best or met > best[key][0]:
            best[key] = met, body
    return {key: body for key, (_, body) in best.items()}


def _problems(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible, number = Problem.objects.visible_to(user), _number(sought, "P")
    return [
        Hit(
            f"P{row.number}",
            row.title,
            row.get_absolute_url(),
            beginning(row.symptoms or row.statement),
            row.created_at,
            _seen(sought, row.symptoms, row.statement, row.workaround, row.cause_notes),
        )
        for row in _found(visible, sought, matching.PROBLEM, wanted, number)
    ]


def _articles(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible, number = Article.objects.visible_to(user).current(), _number(sought, "K")
    return [
        Hit(
            f"K{row.number}",
            row.title,
            row.get_absolute_url(),
            beginning(row.issue),
            None,
            _seen(sought, row.issue, row.resolution, row.environment, row.cause),
        )
        for row in _found(visible, sought, matching.ARTICLE, wanted, number)
    ]


def _actions(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible, number = Action.objects.visible_to(user), _number(sought, "A")
    rows = _found(visible, sought, matching.ACTION, wanted, number)
    return [Hit(f"A{row.number}", row.title, f"/actions/{row.number}/") for row in rows]


def _services(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible = Service.objects.visible_to(user)
    rows = _found(visible, sought, matching.SERVICE, wanted, Q(slug__iexact=sought.words))
    return [
        Hit(
            row.slug,
            row.name,
            f"/services/{row.slug}/",
            beginning(row.description),
            None,
            _seen(sought, row.description),
        )
        for row in rows
    ]


def _changes(sought: Sought, user: Any, wanted: Wanted) -> list[Hit]:
    visible = Change.objects.visible_to(user).select_related("service")
    named = Q(revision__startswith=sought.words.lower()) | Q(ref=sought.words)
    return [
        Hit(
            row.short_revision or row.key[:40],
            str(row),
            f"/changes/{row.pk}/",
            beginning(row.description),
            None,
            _seen(sought, row.description),
        )
        for row in _found(visible, sought, matching.CHANGE, wanted, named)
    ]


def beginning(text: str, most: int = 200) -> str:
    """How a text begins, on one line."""
    text = " ".join(text[: most * 4].split())
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


KINDS: dict[str, Callable[[Sought, Any, Wanted], list[Hit]]] = {
    "incidents": _incidents,
    "postmortems": _postmortems,
    "problems": _problems,
    "articles": _articles,
    "actions": _actions,
    "services": _services,
    "changes": _changes,
}
