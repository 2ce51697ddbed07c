"""Knowledge records: what to do next time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from incidents import timeline
from incidents.models import Incident
from notifications.errors import InvalidInput
from notifications.numbers import next_number
from oncall.models import Person, Service, Team
from oncall.permissions import require_responder
from postmortems import personal_data
from postmortems.models import Article, ArticleUse, Postmortem, Problem
from postmortems.services.common import choice, day, locked, prose, tell, words


class ArticleFields(TypedDict, total=False):
    """What an article says and whom it is for; what is left out stays as it is."""

    kind: str
    environment: str
    resolution: str
    cause: str
    audience: str
    team: Team | None
    review_on: date | None
    services: Iterable[Service]
    problems: Iterable[Problem]
    postmortems: Iterable[Postmortem]


REVIEWED_AGAIN = timedelta(days=182)
"""Half a year, unless somebody says otherwise."""
_TEXTS = ("environment", "resolution", "cause")
_LINKS = ("services", "problems", "postmortems")
_CHOICES = {"kind": Article.Kind.values, "audience": Article.Audience.values}


@transaction.atomic
def write_article(*, title: str, issue: str, by: Person | None, **fields: Unpack[ArticleFields]) -> Article:
    """Write an article, a draft to begin with. `issue`: in the words of those who meet it.

    One for a `team` only (`audience`) needs that team. Raises `InvalidInput` by field.
    """
    require_responder(by)
    article = Article(number=next_number("article"), created_by=by)
    article._history_user = by
    article.title, article.issue = words("title", title, most=200), words("issue", prose("issue", issue))
    _save(article, dict(fields))
    tell(article, "article.written")
    return article


@transaction.atomic
def edit_article(
    *,
    article: Article,
    by: Person | None,
    title: str | None = None,
    issue: str | None = None,
    **fields: Unpack[ArticleFields],
) -> Article:
    """Change what is given. Raises `InvalidInput` by field."""
    require_responder(by)
    article = locked(article)
    if not article.history.exists():  # written before its versions were kept
        Article.history.bulk_history_create([article], default_date=article.updated_at)
    if title is not None:
        article.title = words("title", title, most=200)
    if issue is not None:
        article.issue = words("issue", prose("issue", issue))
    article.updated_at, article._history_user = timezone.now(), by
    _save(article, dict(fields))
    tell(article)
    return article


@transaction.atomic
def set_confidence(*, article: Article, confidence: str, by: Person | None) -> Article:
    """Say how far it is to be trusted: draft, not_validated, validated or archived. Any may follow any."""
    require_responder(by)
    article = locked(article)
    article.confidence = choice("confidence", confidence, Article.Confidence.values)
    article.updated_at, article._history_user = timezone.now(), by
    article.save(update_fields=["confidence", "updated_at"])
    tell(article)
    return article


@transaction.atomic
def review_article(*, article: Article, by: Person | None, next_on: date | None = None) -> Article:
    """Say that it is still right, and when it is looked at again: `next_on`, or half a year from today."""
    require_responder(by)
    article = locked(article)
    today = timezone.localdate()
    if next_on is not None and next_on <= today:
        raise InvalidInput(next_on=f"{next_on} is not after today: give the next date on which it is looked at.")
    article._history_user = by
    article.reviewed_at, article.review_on = timezone.now(), next_on or today + REVIEWED_AGAIN
    article.save(update_fields=["reviewed_at", "review_on"])
    tell(article)
    return article


@transaction.atomic
def record_use(*, article: Article, incident: Incident, by: Person | None) -> ArticleUse:
    """Keep that it helped in an incident, once for each, and enter it on the timeline."""
    require_responder(by)
    use, new = ArticleUse.objects.get_or_create(article=article, incident=incident, defaults={"by": by})
    if new:
        timeline.add(
            incident=incident,
            kind="link",
            text=f"K{article.number} was of use",
            actor=by,
            data={"article": article.number, "url": article.get_absolute_url()},
            dedup_key=f"article:{article.number}",
        )
        tell(article)
    return use


def _save(article: Article, fields: dict[str, Any]) -> None:
    links = {name: list(fields.pop(name)) for name in _LINKS if name in fields}
    for name, value in fields.items():
        setattr(article, name, _checked(name, value))
    if article.audience == Article.Audience.TEAM and article.team is None:
        raise InvalidInput(team="An article for a team only needs that team.")
    _refuse_personal_data(article)
    article.save()
    for name, rows in links.items():
        getattr(article, name).set(rows)


def _refuse_personal_data(article: Article) -> None:
    """What the whole company may read names nobody's address, number or account; a team may keep what it needs."""
    if article.audience != Article.Audience.COMPANY:
        return
    found = {name: personal_data.find(getattr(article, name)) for name in ("title", "issue", *_TEXTS)}
    if refusals := {name: [personal_data.refusal(ones)] for name, ones in found.items() if ones}:
        raise InvalidInput(refusals)


def _checked(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return prose(name, value).strip()
    if name == "review_on":
        return value and day(name, value)
    return choice(name, value, _CHOICES[name]) if name in _CHOICES else value
