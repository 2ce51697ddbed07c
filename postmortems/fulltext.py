"""What full-text search reads of each record. Indexes and queries share the expression, or the index is of no use."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVector


def _vector(*fields: str) -> Any:
    return SearchVector(*fields, config="english")


INCIDENT = _vector("title", "summary")
POSTMORTEM = _vector("title")
SECTION = _vector("body")
PROBLEM = _vector("title", "statement", "workaround", "cause_notes")
ARTICLE = _vector("title", "issue", "environment", "resolution", "cause")
ACTION = _vector("title")
SERVICE = _vector("name", "description")
CHANGE = _vector("description")
