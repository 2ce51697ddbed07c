"""Sealing entries of the ledger, and finding the first that does not fit.

Sealing is apart from recording, so that senders do not wait for one another; until then an entry is guarded by the
database's refusal alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from changes.chain import START, Content, digest
from changes.models import LedgerEntry, LedgerSeal


@dataclass(frozen=True)
class Verdict:
    """`sealed` entries fit, `waiting` ones have no seal yet, `head` is the last digest; `flaw`: what does not fit."""

    sealed: int
    waiting: int
    head: str
    flaw: str = ""


@transaction.atomic
def seal_due(*, limit: int = 1000) -> int:
    """Seal the entries that have no seal yet, one after the other; returns how many. One worker does so at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('changes.seals', 0))")
        if not cursor.fetchone()[0]:
            return 0
    last = LedgerSeal.objects.last()
    number, previous = (last.number, last.digest) if last else (0, START)
    seals = []
    for entry in LedgerEntry.objects.filter(seal=None).select_related("change").order_by("pk")[:limit]:
        number += 1
        previous = digest(previous, number, _content(entry))
        seals.append(LedgerSeal(number=number, entry=entry, digest=previous))
    LedgerSeal.objects.bulk_create(seals)
    return len(seals)


def verify() -> Verdict:
    """Go through the whole chain, up to the first entry that does not fit."""
    waiting = LedgerEntry.objects.filter(seal=None).count()
    number, previous = 0, START
    for seal in LedgerSeal.objects.select_related("entry__change").iterator():
        if seal.number != number + 1:
            return Verdict(number, waiting, previous, f"Seal {number + 1} is missing; the next one is {seal.number}.")
        if seal.digest != digest(previous, seal.number, _content(seal.entry)):
            flaw = f"Entry {seal.entry_id} (seal {seal.number}: {seal.entry.change}, {seal.entry}) does not fit."
            return Verdict(number, waiting, previous, flaw)
        number, previous = seal.number, seal.digest
    return Verdict(number, waiting, previous)


def _content(entry: LedgerEntry) -> Content:
    return Content(
        entry=entry.pk,
        change=entry.change.key,
        state=entry.state,
        at=entry.at,
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        why=entry.why,
        data=entry.data,
    )
