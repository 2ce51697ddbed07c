"""Does the ledger say what it said when it was sealed? The first thing that does not fit is named.

What this sees: an entry that was altered, removed, exchanged for another or put in between others; a seal that is
missing; a change that was given another identity, or says of itself what its entries do not. What it cannot see alone
is that the end of the chain was cut off, or all of it made anew: for that, somebody keeps a digest elsewhere. Whoever
adds an entry of a new change gets it sealed at the end, where the seal's own time says when that was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from changes.chain import START, Content, digest
from changes.ledger import FOUND, summary_of
from changes.models import Change, LedgerEntry, LedgerSeal
from changes.seals import contents

AT_ONCE = 2_000  # rows held in memory
OUR_OWN = ("kind", "revision", "ref", "repository", "actor", "description", "url", "service_hint")


@dataclass(frozen=True)
class Noted:
    """A digest that somebody kept elsewhere, or its first 12 characters or more, and of which seal (None: of any)."""

    digest: str
    number: int | None = None


@dataclass(frozen=True)
class Verdict:
    """`sealed` entries fit, `waiting` ones have no seal yet, `head` is the last digest; `flaw`: what does not fit."""

    sealed: int
    waiting: int
    head: str
    flaw: str = ""


class _Flaw(Exception):
    """What does not fit, in words."""


def verify(*, noted: Noted | None = None, progress: Callable[[int], None] = lambda seals: None) -> Verdict:
    """Go through the whole chain, up to the first entry that does not fit, then through what changes say of themselves.

    `progress` is told now and then how many seals were looked at.
    """
    chain = _Chain(noted)
    flaw = ""
    try:
        for seals in _batches():
            chain.take(seals)
            progress(chain.number)
        chain.end()
        _compare_changes()
    except _Flaw as found:
        flaw = str(found)
    return Verdict(chain.number, LedgerEntry.objects.unsealed().count(), chain.head, flaw)


def _batches() -> Iterator[list[LedgerSeal]]:
    """All seals in order."""
    number = None
    while True:
        seals = LedgerSeal.objects.order_by("number")
        batch = list((seals if number is None else seals.filter(number__gt=number))[:AT_ONCE])
        if not batch:
            return
        number = batch[-1].number
        yield batch


class _Chain:
    """The seals looked at so far, all of which fit."""

    def __init__(self, noted: Noted | None) -> None:
        self.number, self.head, self.noted, self.met = 0, START, noted, False

    def take(self, seals: list[LedgerSeal]) -> None:
        """Go on with these. Raises _Flaw."""
        ids = [seal.entry_id for seal in seals]
        found = {content.entry: content for content in contents(LedgerEntry.objects.filter(pk__in=ids))}
        for seal in seals:
            if seal.number != self.number + 1:
                raise _Flaw(f"Seal {self.number + 1} is missing; the next one is {seal.number}.")
            self._fit(seal, found.get(seal.entry_id))
            self.number, self.head = seal.number, seal.digest
            self._meet_noted()

    def _fit(self, seal: LedgerSeal, content: Content | None) -> None:
        if content is None:
            raise _Flaw(f"Entry {seal.entry_id} (seal {seal.number}) is gone, or the change that it was of.")
        named = f"Entry {content.entry} (seal {seal.number}: {content.change}, {content.state} at {content.at})"
        if seal.digest != digest(self.head, seal.number, content):
            raise _Flaw(f"{named} does not fit: it is not what was sealed.")

    def _meet_noted(self) -> None:
        if self.noted and self.noted.number in (None, self.number):
            fits = self.head.startswith(self.noted.digest)
            if self.noted.number and not fits:
                said = f"Seal {self.number} is {self.head}, but {self.noted.digest} was noted"
                raise _Flaw(f"{said}: the chain was made anew, from this entry on or from an earlier one.")
            self.met = self.met or fits

    def end(self) -> None:
        """There are no more. Raises _Flaw where what was noted elsewhere did not come."""
        if self.noted is None or self.met:
            return
        if self.noted.number:
            raise _Flaw(f"The chain ends with seal {self.number}, but {self.noted.number} was noted: its end is gone.")
        raise _Flaw(f"No seal is {self.noted.digest}: the end of the chain is gone, or the chain was made anew.")


def _compare_changes() -> None:
    """Raises _Flaw for the first change that says of itself what its entries do not."""
    last = 0
    while changes := list(Change.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = changes[-1].pk
        steps = defaultdict(list)
        for of, state, at, data in _told([change.pk for change in changes]):
            steps[of].append((state, at, data))
        for change in changes:
            if _difference(change, steps[change.pk]):
                _look_again(change.pk)


def _told(changes: list[int]) -> Iterator[tuple[int, str, datetime, dict[str, object]]]:
    entries = LedgerEntry.objects.filter(change__in=changes)
    yield from entries.order_by("pk").values_list("change_id", "state", "at", "data")


@transaction.atomic
def _look_again(pk: int) -> None:
    """What differed may have been told of in between: its row is held while it is looked at. Raises _Flaw."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=pk)
    if difference := _difference(change, [(state, at, data) for _, state, at, data in _told([pk])]):
        raise _Flaw(f"Change {pk} ({change.key}) does not fit: {difference}.")


def _difference(change: Change, steps: list[tuple[str, datetime, dict[str, object]]]) -> str:
    """What the row says, and what its entries, as they were recorded, say of the same; "" where they agree.

    An environment that nobody named is not told by entries, nor is the service of what nobody could place at first.
    """
    if not steps:
        return "it has no entries"
    summary = summary_of(steps)
    told: dict[str, object] = {name: summary.told.get(name, "") for name in OUR_OWN}
    told |= {"state": summary.state, "type": summary.type, "overridden": summary.overridden}
    told["environment"] = summary.told.get("environment") or change.environment
    told["started_at"], told["finished_at"] = summary.started_at, summary.finished_at
    if found := steps[-1][2].get(FOUND):
        told[FOUND] = found
    for name, said in told.items():
        if getattr(change, name) != said:
            return f"its {name.replace('_', ' ')} is “{getattr(change, name)}”, but its entries say “{said}”"
    return ""
