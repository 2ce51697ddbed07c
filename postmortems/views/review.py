"""Review on a post-mortem's page: who is asked, whether their word still stands for their side, what changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects

from oncall.models import Person
from oncall.requests import Request
from postmortems.facilitating import suggesting
from postmortems.lifecycle import SIDES, forgone, missing
from postmortems.models import Postmortem, Review, SectionRevision
from postmortems.services.reviews import misfit
from postmortems.services.transitions import readiness


@dataclass(frozen=True)
class Change:
    """A section written since somebody signed, and by whom."""

    key: str
    title: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One reviewer; `misfit`: why an unsigned one can sign no more; `instead`: whom to ask in their place."""

    review: Review
    misfit: str = ""
    changes: tuple[Change, ...] = ()
    instead: Sequence[Person] = field(default=())


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    prefetch_related_objects([postmortem], "reviews__person")
    reviews = list(postmortem.reviews.all())
    published = postmortem.status == Postmortem.Status.PUBLISHED
    if published:
        return {"asked": [Asked(review) for review in reviews], "waits": [], "nobody_left": [], "reviewer_offers": []}
    able = suggesting.able(postmortem)
    ready = readiness(postmortem, able)
    offered = suggesting.reviewers(postmortem, able) if request.user.is_responder else {}
    changed = _changed(postmortem, reviews)
    asked = [_asked(review, able, offered, changed) for review in reviews]
    covered = {one.review.side for one in asked if not one.misfit}
    replaced = {one.review.side for one in asked if one.misfit}
    return {
        "asked": asked,
        "waits": missing(ready),
        "nobody_left": [SIDES[side] for side in forgone(ready)],
        "reviewer_offers": [
            (side, people) for side, people in offered.items() if side not in covered | replaced and people
        ],
    }


def _asked(
    review: Review,
    able: dict[str, list[Person]],
    offered: dict[str, list[Person]],
    changed: dict[int, tuple[Change, ...]],
) -> Asked:
    fits = review.signed_off_at or review.person in able[review.side]
    wrong = "" if fits else misfit(review.postmortem, review.person, review.side)
    return Asked(review, wrong, changed.get(review.pk, ()), offered.get(review.side, ()) if wrong else ())


def _changed(postmortem: Postmortem, reviews: Sequence[Review]) -> dict[int, tuple[Change, ...]]:
    """By review: what was written after its last sign-off, in the order of the text; one query for all of them."""
    since = {one.pk: one.signed_last_at for one in reviews if one.signed_last_at}
    if not since:
        return {}
    rows = SectionRevision.objects.filter(section__postmortem=postmortem, at__gt=min(since.values()))
    newest = list(rows.select_related("section", "by").order_by("section__position", "at"))
    return {pk: _by_section([row for row in newest if row.at > moment]) for pk, moment in since.items()}


def _by_section(rows: Sequence[SectionRevision]) -> tuple[Change, ...]:
    found: dict[str, list[SectionRevision]] = {}
    for row in rows:
        found.setdefault(row.section.key, []).append(row)
    return tuple(
        Change(key, written[0].section.title, tuple(dict.fromkeys(str(row.by) for row in written if row.by)))
        for key, written in found.items()
    )
