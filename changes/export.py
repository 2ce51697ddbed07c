"""The ledger for auditors: every entry with its seal, as CSV or as JSON lines, so that nobody has to take our word.

How to check it with nothing but SHA-256: `sealed` is the very text that was hashed, so in every line
`sha256(sealed) == digest`; it is JSON, and its `previous` is the `digest` of the line whose `number` is one less, the
first one's is 64 zeros. What else a line says of the entry stands in `sealed` too. An entry without a number waits for
its seal. In CSV a cell that a spreadsheet would run as a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery

from changes import chain
from changes.models import LedgerEntry, LedgerSeal
from changes.querysets import ChangeQuerySet
from notifications.sheets import cell

AT_ONCE = 2_000  # entries held in memory
ENTRY = ("number", "digest", "previous", "entry", "at", "recorded_at", "state", "actor", "why")
CHANGE = (
    "change", "service", "environment", "kind", "type", "overridden", "revision", "ref", "repository",
    "description", "url",
)  # fmt: skip
COLUMNS = (*ENTRY, *CHANGE, "data", "sealed")

Row = dict[str, Any]


def rows(changes: ChangeQuerySet) -> Iterator[Row]:
    """One row (`COLUMNS`) for each entry of these changes in the order of their seals, those without one last."""
    before = LedgerSeal.objects.filter(number=OuterRef("seal__number") - 1).values("digest")
    entries = LedgerEntry.objects.filter(change__in=changes.order_by().values("pk"))
    entries = entries.select_related("change__service", "seal").annotate(previous=Subquery(before))
    in_order = entries.order_by(F("seal__number").asc(nulls_last=True), "pk")
    return map(_row, in_order.iterator(chunk_size=AT_ONCE))


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Lines, the header first; `data` is JSON."""
    write = csv.writer(_Echo()).writerow
    yield write(COLUMNS)
    for row in rows:
        row["data"] = json.dumps(row["data"], ensure_ascii=False)
        yield write([cell(value) if isinstance(value, str) else value for value in row.values()])


def as_json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """An object for each line."""
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


FORMATS: dict[str, tuple[str, Callable[[Iterable[Row]], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _row(entry: Any) -> Row:
    seal, change = getattr(entry, "seal", None), entry.change
    content = chain.Content(
        entry=entry.pk,
        change=change.key,
        state=entry.state,
        at=entry.at,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        why=entry.why,
        data=entry.data,
    )
    previous = (entry.previous or chain.START) if seal else ""
    return {
        "number": seal.number if seal else None,
        "digest": seal.digest if seal else "",
        "previous": previous,
        "entry": entry.pk,
        "at": entry.at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "state": entry.state,
        "actor": entry.actor,
        "why": entry.why,
        "change": change.key,
        "service": change.service.slug if change.service else "",
        **{name: getattr(change, name) for name in CHANGE[2:]},
        "data": entry.data,
        "sealed": chain.text(previous, seal.number, content) if seal else "",
    }
