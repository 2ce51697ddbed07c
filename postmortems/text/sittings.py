"""What somebody wrote at one sitting. Text saves itself every few seconds; people remember sittings, not saves. Pure.

A sitting ends with a pause of more than ten minutes, or when somebody else goes on. Where two take turns they sat
together, and it is one sitting of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Save:
    """One version; `by` is the key of who saved it, None where that is not known."""

    version: int
    by: int | None
    at: datetime


@dataclass(frozen=True)
class Sitting:
    """Versions saved one after the other, the oldest first."""

    saves: tuple[Save, ...]

    @property
    def first(self) -> Save:
        return self.saves[0]

    @property
    def last(self) -> Save:
        return self.saves[-1]

    @property
    def people(self) -> tuple[int | None, ...]:
        """Who wrote, each once, in the order in which they began."""
        return tuple(dict.fromkeys(save.by for save in self.saves))

    def goes_on_at(self, moment: datetime) -> bool:
        return moment - self.last.at <= PAUSE

    def __add__(self, other: Sitting) -> Sitting:
        return Sitting(self.saves + other.saves)


def sittings(saves: Iterable[Save]) -> list[Sitting]:
    """`saves` ascend by version; so do the sittings."""
    found: list[Sitting] = []
    for save in saves:
        found.append(Sitting((save,)))
        while (together := _together(found)) > 1:
            found[-together:] = [sum(found[1 - together :], found[-together])]
    return found


def _together(found: list[Sitting]) -> int:
    """How many of the last sittings are one: two where somebody goes on, three where they take turns."""
    if len(found) < 2 or not found[-2].goes_on_at(found[-1].first.at):
        return 1
    writer = found[-1].last.by
    if writer in found[-2].people:
        return 2
    if len(found) > 2 and writer in found[-3].people and found[-3].goes_on_at(found[-2].first.at):
        return 3
    return 1
