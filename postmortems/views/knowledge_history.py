"""The versions of an article: what each changed, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oncall.requests import Request
from postmortems.text.differences import Piece, differences, shortened
from postmortems.views.base import article_or_404

SHOWN = 50
_PARTS = (
    ("What one meets", "issue"),
    ("What to do", "resolution"),
    ("Where", "environment"),
    ("Why it happens", "cause"),
)


@dataclass(frozen=True)
class Version:
    """One version: how it was made from the one before, shortened to what changed."""

    number: int
    by: Any
    at: Any
    confidence: str
    pieces: list[Piece]


@require_GET
def history(request: Request, number: int) -> HttpResponse:
    """The latest fifty versions, the newest first."""
    article = article_or_404(request, number)
    rows = list(article.history.select_related("history_user").order_by("-history_date", "-history_id")[: SHOWN + 1])
    count = article.history.count()
    texts = [_whole(row) for row in rows] + ([""] if count <= SHOWN else [])
    versions = [
        Version(
            number=count - place,
            by=row.history_user,
            at=row.history_date,
            confidence=row.get_confidence_display(),
            pieces=shortened(differences(before, after)),
        )
        for place, (row, (after, before)) in enumerate(zip(rows, pairwise(texts), strict=False))
    ]
    return render(request, "postmortems/article_history.html", {"article": article, "versions": versions})


def _whole(row: Any) -> str:
    """All that an article says, as one text."""
    parts = [f"{title}\n{text}" for title, name in _PARTS if (text := getattr(row, name))]
    return "\n\n".join([row.title, *parts])
