"""A storm on the timeline: alerts told one after the other stand there as one line, however many they are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

FEW = 5
"""So many entries in a row stand for themselves."""
NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, as far as it must be known to be placed. `status`: of the alerts that it tells of (`count`), if any."""

    id: int
    at: datetime
    status: str = ""
    count: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Entries that tell of alerts and have nothing else between them, the earliest first."""

    entries: tuple[Told, ...]

    @property
    def since(self) -> datetime:
        return self.entries[0].at

    @property
    def until(self) -> datetime:
        return self.entries[-1].at

    def count(self, status: str) -> int:
        return sum(entry.count for entry in self.entries if entry.status == status)

    @property
    def words(self) -> str:
        """Such as `612 alerts fire, 20 are resolved: NodeDown (88), PodDown (87) and 3 other names`."""
        firing, resolved = self.count("firing"), self.count("resolved")
        happened = ([f"{firing} alerts fire"] if firing else []) + (
            [f"{resolved} {'are' if firing else 'alerts are'} resolved"] if resolved else []
        )
        return ", ".join(happened) + self._names()

    def _names(self) -> str:
        names = Counter(entry.name for entry in self.entries)
        if "" in names:
            return ""  # an entry of many names some of them in its own words
        named = ", ".join(f"{name} ({count})" for name, count in names.most_common(NAMED))
        return f": {named}" + (f" and {len(names) - NAMED} other names" if len(names) > NAMED else "")


def collapse(entries: Sequence[Told]) -> list[Told | Run]:
    """These entries, in order, with a `Run` in place of more than `FEW` in a row that tell of alerts."""
    shown: list[Told | Run] = []
    for of_alerts, group in groupby(entries, key=lambda entry: bool(entry.status)):
        together = tuple(group)
        if of_alerts and len(together) > FEW:
            shown.append(Run(together))
        else:
            shown += together
    return shown
