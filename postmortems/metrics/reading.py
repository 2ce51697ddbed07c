"""Whether what was understood reaches others: readers, citations, sessions, exercises. Pure."""

from collections.abc import Sequence

from postmortems.metrics.figure import Figure, Period
from postmortems.metrics.rows import ReadRow
from postmortems.metrics.statistics import median


def learning(published: Sequence[ReadRow], period: Period, *, sessions: int, exercises: int) -> Figure:
    """How far the post-mortems published in the period went. Who read what is nobody's figure."""
    readers = [one.readers for one in published]
    return Figure(
        name="learning",
        title="Reading",
        definition="Of the post-mortems first published in the period: how many people opened each since, and how many "
        "problems and articles link to it. Beside them, sessions of the reading club and exercises finished in the "
        "period.",
        period=period,
        n=len(published),
        value={
            "median_readers": median(readers) if readers else None,
            "unread": sum(count == 0 for count in readers),
            "citations": sum(one.citations for one in published),
            "sessions": sessions,
            "exercises": exercises,
        },
        series=[{"number": one.number, "title": one.title, "readers": one.readers} for one in published],
        rows=[
            {
                "number": one.number,
                "title": one.title,
                "published_at": one.published_at,
                "readers": one.readers,
                "citations": one.citations,
            }
            for one in published
        ],
    )
