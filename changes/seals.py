"""Sealing entries of the ledger, in order. `changes/verification.py` finds what does not fit.

Sealing is apart from recording, so that senders do not wait for one another; until then an entry is guarded by the
database's refusal alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from changes.chain import START, Content, digest
from changes.models import LedgerEntry, LedgerSeal
from changes.querysets import LedgerEntryQuerySet

CLOSE = 10_000  # seals back from the end, whose entries no transaction still under way has been overtaken by


@dataclass(frozen=True)
class Standing:
    """How far the ledger is sealed: the last seal (0 and "" before the first), and how many entries wait for theirs."""

    number: int
    digest: str
    waiting: int


@transaction.atomic
def seal_due(*, limit: int = 1000) -> int:
    """Seal the entries that have no seal yet, one after the other; returns how many. One worker does so at a time."""
    last = _last_held()
    return _seal(_recent(last)[:limit], last) if last else 0


@transaction.atomic
def seal_stragglers(*, limit: int = 1000) -> int:
    """The same for entries from anywhere in the ledger: one that was committed after thousands of later ones."""
    last = _last_held()
    return _seal(LedgerEntry.objects.unsealed()[:limit], last) if last else 0


def standing() -> Standing:
    """Where the chain ends, without looking at all of it."""
    last = _last()
    return Standing(number=last.number, digest=last.digest, waiting=_recent(last).count())


def contents(entries: LedgerEntryQuerySet) -> list[Content]:
    """What is sealed, or to be sealed, of each."""
    rows = entries.values_list("pk", "change__key", "state", "at", "recorded_at", "actor", "why", "data")
    return [
        Content(entry=pk, change=key, state=state, at=at, recorded_at=recorded_at, actor=actor, why=why, data=data)
        for pk, key, state, at, recorded_at, actor, why, data in rows
    ]


def _last() -> LedgerSeal:
    return LedgerSeal.objects.last() or LedgerSeal(number=0, digest=START)


def _last_held() -> LedgerSeal | None:
    """The last seal, to go on from until this transaction ends; None where another worker does so now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('changes.seals', 0))")
        return _last() if cursor.fetchone()[0] else None


def _recent(last: LedgerSeal) -> LedgerEntryQuerySet:
    """Entries without a seal near the end: what a ledger of millions is asked for every few seconds."""
    close = LedgerSeal.objects.filter(number=last.number - CLOSE).values_list("entry", flat=True).first()
    return LedgerEntry.objects.unsealed().filter(pk__gt=close or 0)


def _seal(entries: LedgerEntryQuerySet, last: LedgerSeal) -> int:
    number, previous, seals = last.number, last.digest, []
    for content in contents(entries):
        number += 1
        previous = digest(previous, number, content)
        seals.append(LedgerSeal(number=number, entry_id=content.entry, digest=previous))
    LedgerSeal.objects.bulk_create(seals)
    return len(seals)
