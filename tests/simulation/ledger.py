"""What an organisation changes: mostly in working hours, often twice in a row, in more environments than one."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from tests.simulation.organisation import Organisation, Service

KINDS = {"deploy": 76, "config": 12, "flag": 8, "infrastructure": 3, "data": 1}
HOURS = [1] * 7 + [3, 12, *([30] * 8), 12, 6, 4, 3, 2, 1, 1]
"""How likely a change is in each hour of a day."""
WEEKEND = 0.1
FOLLOWED_UP, TRIED_IN_STAGING = 0.25, 0.6
FAILED, EMERGENCY, OVERRIDDEN = 0.03, 0.02, 0.01


@dataclass(frozen=True)
class Change:
    """One change with its entries (state, moment) in order."""

    key: str
    service: str
    kind: str
    environment: str
    revision: str
    entries: tuple[tuple[str, datetime], ...]
    emergency: bool = False
    overridden: bool = False

    @property
    def started_at(self) -> datetime:
        return self.entries[0][1]

    @property
    def finished_at(self) -> datetime:
        return self.entries[1][1]

    def as_known_at(self, moment: datetime) -> Change:
        return replace(self, entries=tuple(entry for entry in self.entries if entry[1] <= moment))


def changes(random: Random, services: Organisation, since: datetime, days: int) -> list[Change]:
    """All changes of so many days, by their start."""
    made = [
        change
        for service in services.values()
        for day in range(days)
        for change in _of_a_day(random, service, since + timedelta(days=day))
    ]
    made.sort(key=lambda change: change.started_at)
    return _superseded([replace(change, key=f"c{number}") for number, change in enumerate(made)], services)


def one(random: Random, service: str, at: datetime, kind: str = "", environment: str = "production") -> Change:
    """A change that starts then."""
    kind = kind or random.choices(list(KINDS), list(KINDS.values()))[0]
    minutes = random.lognormvariate(math.log(6), 0.7) if kind in ("deploy", "infrastructure") else random.random()
    state = "failed" if random.random() < FAILED else "succeeded"
    return Change(
        key="",
        service=service,
        kind=kind,
        environment=environment,
        revision=f"{random.getrandbits(160):040x}" if kind == "deploy" else "",
        entries=(("started", at), (state, at + timedelta(minutes=minutes))),
        emergency=random.random() < EMERGENCY,
        overridden=random.random() < OVERRIDDEN,
    )


def _of_a_day(random: Random, service: Service, day: datetime) -> Iterator[Change]:
    busy = WEEKEND if day.weekday() >= 5 else 1.0
    for _ in range(_poisson(random, service.changes_a_day * busy)):
        hour = random.choices(range(24), HOURS)[0]
        at = day + timedelta(hours=hour, minutes=random.uniform(0, 60))
        change = one(random, service.slug, at)
        yield change
        if change.kind == "deploy" and random.random() < TRIED_IN_STAGING:
            before = at - timedelta(minutes=random.uniform(15, 120))
            yield replace(one(random, service.slug, before, "deploy", "staging"), revision=change.revision)
        if random.random() < FOLLOWED_UP:
            yield one(random, service.slug, change.finished_at + timedelta(minutes=random.uniform(3, 40)))


def _superseded(made: list[Change], services: Organisation) -> list[Change]:
    """With the entries of deploys whose place a later one took, where the sender tells."""
    deploys: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in made:
        if change.kind == "deploy" and services[change.service].told_of_successors:
            deploys[change.service, change.environment].append(change)
    ended: dict[str, datetime] = {}
    for rows in deploys.values():
        rows.sort(key=lambda change: change.finished_at)
        for place, change in enumerate(rows[:-1]):
            ended[change.key] = rows[place + 1].finished_at
    return [
        replace(change, entries=(*change.entries, ("superseded", ended[change.key]))) if change.key in ended else change
        for change in made
    ]


def _poisson(random: Random, mean: float) -> int:
    """Knuth's multiplication of uniform draws; good for small means."""
    count, product, least = 0, random.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * random.random()
    return count
