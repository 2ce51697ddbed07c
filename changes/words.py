"""What the ledger's text filter reads. Index and query share the expression, or the index is of no use."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat

_READ = ("revision", "ref", "repository", "actor", "description", "service_hint")
_TEXT = Concat(*(part for name in _READ for part in (name, Value(" "))), output_field=TextField())
_WORDS = Func(_TEXT, Value(r"[\W_]+"), Value(" "), Value("g"), function="regexp_replace", output_field=TextField())
WORDS = SearchVector(_WORDS, config="simple")
MOST = 10  # words of a question that count


def asked(text: str) -> SearchQuery | None:
    """Every word of `text`, each perhaps the beginning of a longer one; None where there is no word in it."""
    words = re.findall(r"[^\W_]+", text)[:MOST]
    return SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple") if words else None
