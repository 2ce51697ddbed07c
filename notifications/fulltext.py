"""What full-text search reads of a record, word by word, heavier words first.

Indexes and queries share the expression, or the index is of no use. Words are kept in both ways: by their stem in
English, so that "crashed" finds "crashes", and as they stand, so that no exact word is lost to stemming or to a list of
words too common to keep ("the who").
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, transaction
from django.db.models.functions import Upper

CONFIGS = ("english", "simple")
SPELT_ALIKE = 0.35
"""The share of three-letter pieces from which on `trigram_word_similar` holds: two letters that changed places pass."""
_SPELT_ALIKE_ELSE = 0.6  # as PostgreSQL has it


def vector(**fields: str | tuple[str, ...]) -> Any:
    """The words of these fields, by weight: `vector(A="title", B=("summary", "notes"))`."""
    parts = [
        SearchVector(*((names,) if isinstance(names, str) else names), weight=weight, config=config)
        for weight, names in fields.items()
        for config in CONFIGS
    ]
    whole: Any = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def word(text: str) -> Any:
    """A query for one word, made of letters and digits alone: its stem, or what begins like it."""
    stem: Any = SearchQuery(text, search_type="plain", config="english")
    return stem | SearchQuery(f"{text}:*", search_type="raw", config="simple")


def parts_index(*fields: str, name: str) -> GinIndex:
    """An index for parts of words and spelling: `field__icontains` uses it, and trigrams of `Upper(field)`."""
    return GinIndex(*(OpClass(Upper(field), name="gin_trgm_ops") for field in fields), name=name)


@contextmanager
def by_index() -> Iterator[None]:
    """Let no query within read whole tables where an index would do, and let mistyped words be met.

    PostgreSQL takes full-text search for cheap, and would rather make the vectors of every row anew for a word that
    many have: minutes instead of milliseconds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_settings("off", SPELT_ALIKE))
        yield
        cursor.execute(_settings("on", _SPELT_ALIKE_ELSE))


def _settings(seqscan: str, alike: float) -> str:
    return f"SET LOCAL enable_seqscan = {seqscan}; SET LOCAL pg_trgm.word_similarity_threshold = {alike}"
