"""Figures about what was learned: factors, problems, articles. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from postmortems.metrics.figure import Figure, Period, share
from postmortems.metrics.rows import ArticleRow, PostmortemRow, ProblemRow
from postmortems.metrics.statistics import median


def factor_share(postmortems: Sequence[PostmortemRow], period: Period, names: Mapping[str, str]) -> Figure:
    """How often each factor contributed. `names`: by key; a factor of no post-mortem is not listed."""
    published = [one for one in postmortems if one.published_at in period]
    counts = Counter(factor for one in published for factor in set(one.factors))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], names.get(pair[0], pair[0])))
    return Figure(
        name="factor-share",
        title="Contributing factors",
        definition="Post-mortems with the factor / post-mortems first published in the period. Each may have "
        "several, so that shares sum to more than 100%; better tagging raises them.",
        period=period,
        n=len(published),
        value={"postmortems": len(published), "factors": len(counts)},
        series=[
            {"factor": key, "name": names.get(key, key), "count": count, "share": count / len(published)}
            for key, count in ranked
        ],
        rows=[
            {
                "number": one.number,
                "title": one.title,
                "published_at": one.published_at,
                "factors": ", ".join(names.get(key, key) for key in one.factors),
            }
            for one in published
        ],
    )


def problems(unresolved: Sequence[ProblemRow], period: Period, today: date) -> Figure:
    """Causes not yet removed."""
    ages: list[float] = [(today - one.created_on).days for one in unresolved]
    return Figure(
        name="problems",
        title="Problems",
        definition="Problem records not resolved now: how many, how many of them known errors, their age in days, "
        "and the incidents linked to each.",
        period=period,
        n=len(unresolved),
        value={
            "open": len(unresolved),
            "known_errors": sum(one.known_error for one in unresolved),
            "median_age_days": median(ages) if ages else None,
            "greatest_age_days": max(ages, default=None),
        },
        series=[
            {"number": one.number, "incidents": one.incidents, "age_days": age}
            for one, age in zip(unresolved, ages, strict=True)
        ],
        rows=[_problem_row(one) for one in unresolved],
    )


def knowledge(articles: Sequence[ArticleRow], period: Period, today: date) -> Figure:
    """What is written down, trusted, used and out of date."""
    validated = sum(one.validated for one in articles)
    return Figure(
        name="knowledge",
        title="Knowledge",
        definition="Articles not archived: the share that is validated, their uses in incidents in the period, and "
        "those whose review date has passed.",
        period=period,
        n=len(articles),
        value={
            "articles": len(articles),
            "validated": validated,
            "validated_share": share(validated, len(articles)),
            "uses": sum(one.uses for one in articles),
            "stale": sum(_is_stale(one, today) for one in articles),
        },
        rows=[
            {"number": one.number, "title": one.title, "validated": one.validated, "uses": one.uses}
            | {"review_on": one.review_on, "stale": _is_stale(one, today)}
            for one in articles
        ],
    )


def _is_stale(one: ArticleRow, today: date) -> bool:
    return one.review_on is not None and one.review_on < today


def _problem_row(one: ProblemRow) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "known_error": one.known_error,
        "created_on": one.created_on,
        "incidents": one.incidents,
    }
