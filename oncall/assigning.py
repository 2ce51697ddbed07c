"""Saying which service a sender means: one page of Settings for all that waits, in whatever room.

A room that keeps things whose sender named a service that we do not know registers a `Waiting` in
`settings.UNMATCHED`; this room knows neither changes nor alerts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from notifications.models import Integration
from oncall.guessing import Guesser
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services.names import map_name


class Rows(Protocol):
    """For a user, one dict for each name of each sender: `integration_id`, `sender`, `said`, `count`, `last`."""

    def __call__(self, user: Any) -> Iterable[dict[str, Any]]: ...


@dataclass(frozen=True)
class Waiting:
    """Things of one kind. `assign(integration, name, service)` gives to a service those that wait under a name, and
    returns how many there were."""

    noun: str
    nouns: str
    rows: Rows
    assign: Callable[[Integration | None, str, Service], int]

    def counted(self, count: int) -> str:
        return f"{count} {self.noun if count == 1 else self.nouns}"


@dataclass
class Name:
    """A name that one sender used and nobody knows, and what came under it."""

    integration_id: int | None
    sender: str
    said: str
    last: datetime
    count: int = 0
    things: list[str] = field(default_factory=list)
    guess: Service | None = None


def unmatched(user: Any) -> list[Name]:
    """Every name that waits, the latest first."""
    found: dict[tuple[int | None, str], Name] = {}
    for kind in _kinds():
        for row in kind.rows(user):
            key = row["integration_id"], row["said"]
            name = found.setdefault(key, Name(*key[:1], row["sender"] or "", row["said"], row["last"]))
            name.last = max(name.last, row["last"])
            name.count += row["count"]
            name.things.append(kind.counted(row["count"]))
    return sorted(found.values(), key=lambda name: name.last, reverse=True)


def guess(names: Iterable[Name], services: Iterable[Service]) -> None:
    """Say of each the service whose name is most like it, if any is."""
    guesser = Guesser((service, [service.slug, service.name, *service.repositories]) for service in services)
    for name in names:
        name.guess = guesser.best(name.said)


@transaction.atomic
def assign(*, integration: Integration | None, name: str, service: Service, by: Person | None = None) -> list[str]:
    """What waits under `name` is of `service`, and so is what comes under it later; returns what waited, in words.

    Where nothing was named, only what waits is assigned. Raises Forbidden for all but administrators.
    """
    require_administrator(by)
    if integration and name:
        map_name(integration=integration, name=name, service=service, by=by)
    counts = [(kind, kind.assign(integration, name, service)) for kind in _kinds()]
    return [kind.counted(count) for kind, count in counts if count]


def _kinds() -> Sequence[Waiting]:
    return [import_string(path) for path in settings.UNMATCHED]
