"""What breaks, who notices, and what Andon knows a little later; which change it was is known, or that none was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.simulation import ledger
from tests.simulation.ledger import Change
from tests.simulation.metrics import SHAPES, Fault, Shape, series, times_of
from tests.simulation.organisation import Organisation, dependents, organisation

SINCE, DAYS = datetime(2026, 3, 2, tzinfo=UTC), 42
CAUSED_BY_A_CHANGE = 0.7
NOTICED_AT = {"itself": 60, "a dependent": 27, "two hops up": 8, "the platform": 5}
UNRELATED_JUST_BEFORE = 0.25
HAS_PANELS, MOVES_A_PANEL, HARMLESS_STEP = 0.75, 0.8, 0.12
BY_ALERT, NAMES_ITS_RELEASE, NAMES_THE_LATEST = 0.8, 0.15, 0.1


@dataclass(frozen=True)
class Outage:
    """An incident as Andon knows it at `seen_at`; `culprit`: the key of the change that caused it, None where none did.

    `alerts`: when they began; none where people declared it. `started_at`: what people say. `changes`: all of the
    organisation that were told by then. `panels`: name, unit and points of those kept for the service.
    """

    service: str
    culprit: str | None
    alerts: tuple[datetime, ...]
    started_at: datetime
    seen_at: datetime
    releases: frozenset[str]
    changes: tuple[Change, ...]
    panels: tuple[tuple[str, str, list[list[float | None]]], ...]


def outages(seed: int, count: int) -> tuple[Organisation, list[Outage]]:
    """An organisation and so many of its outages, the same ones for the same seed."""
    random = Random(seed)
    services = organisation(random)
    made = ledger.changes(random, services, SINCE, DAYS)
    return services, [_outage(random, services, made) for _ in range(count)]


def _outage(random: Random, services: Organisation, made: list[Change]) -> Outage:
    culprit = _culprit(random, made) if random.random() < CAUSED_BY_A_CHANGE else None
    if culprit:
        began, service = _bites_at(random, culprit), _noticed_by(random, services, culprit)
    else:
        began, service = SINCE + timedelta(days=random.uniform(3, DAYS - 2)), random.choice(list(services))
    noticed = began + timedelta(minutes=random.uniform(1, 8))
    by_alert = random.random() < BY_ALERT
    declared = noticed if by_alert else began + timedelta(minutes=random.uniform(5, 40))
    remembered = not by_alert and random.random() < 0.5
    seen_at = declared + timedelta(minutes=random.uniform(5, 20))
    near = [*_near(made, seen_at), *_unrelated(random, service, noticed)]
    known = tuple(change.as_known_at(seen_at) for change in near if change.started_at <= seen_at)
    return Outage(
        service=service,
        culprit=culprit.key if culprit else None,
        alerts=tuple(_alerts(random, noticed)) if by_alert else (),
        started_at=began + timedelta(minutes=random.uniform(-5, 5)) if remembered else declared,
        seen_at=seen_at,
        releases=frozenset(_releases(random, culprit, service, known) if by_alert else ()),
        changes=known,
        panels=tuple(_panels(random, service, began, (min(began, declared) - timedelta(hours=1), seen_at), known)),
    )


def _culprit(random: Random, made: list[Change]) -> Change:
    """Any change to production that is not among the first or last days."""
    first, last = SINCE + timedelta(days=3), SINCE + timedelta(days=DAYS - 2)
    able = [one for one in made if one.environment == "production" and first < one.started_at < last]
    return random.choice(able)


def _bites_at(random: Random, change: Change) -> datetime:
    """While it is rolled out, minutes after, or hours: what a configuration does may wait for its occasion."""
    waits = (20, 35, 10, 35) if change.kind in ("config", "flag") else (35, 42, 15, 8)
    match random.choices(("during", "soon", "later", "hours"), waits)[0]:
        case "during":
            return change.started_at + (change.finished_at - change.started_at) * random.uniform(0.2, 1)
        case "soon":
            return change.finished_at + timedelta(minutes=random.expovariate(1 / 7))
        case "later":
            return change.finished_at + timedelta(minutes=random.expovariate(1 / 40))
    return change.finished_at + timedelta(hours=random.uniform(1, 20 if change.kind in ("config", "flag") else 5))


def _noticed_by(random: Random, services: Organisation, culprit: Change) -> str:
    """The service whose incident it becomes: its own, one that depends on it, or one beside it on the platform."""
    up = dependents(services, culprit.service)
    match random.choices(list(NOTICED_AT), list(NOTICED_AT.values()))[0]:
        case "a dependent" if up:
            return random.choice(up)
        case "two hops up" if further := [slug for one in up for slug in dependents(services, one)]:
            return random.choice(further)
        case "the platform":
            platform = services[culprit.service].platform
            return random.choice([slug for slug, service in services.items() if service.platform == platform])
    return culprit.service


def _near(made: list[Change], seen_at: datetime) -> list[Change]:
    return [change for change in made if seen_at - timedelta(hours=30) < change.started_at <= seen_at]


def _unrelated(random: Random, service: str, noticed: datetime) -> Iterator[Change]:
    """A deploy of the same service right before, that has nothing to do with it."""
    if random.random() < UNRELATED_JUST_BEFORE:
        at = noticed - timedelta(minutes=random.uniform(0, 12))
        yield replace(ledger.one(random, service, at, "deploy"), key="unrelated")


def _alerts(random: Random, noticed: datetime) -> Iterator[datetime]:
    yield noticed
    for _ in range(random.randint(0, 4)):
        yield noticed + timedelta(minutes=random.uniform(0, 15))


def _releases(random: Random, culprit: Change | None, service: str, known: tuple[Change, ...]) -> Iterator[str]:
    """What error trackers name: the release that brought the error, or merely the one that runs."""
    if culprit and culprit.service == service and culprit.revision and random.random() < NAMES_ITS_RELEASE:
        yield culprit.revision[:12]
    elif random.random() < NAMES_THE_LATEST:
        deploys = [one for one in known if one.service == service and one.revision and one.environment == "production"]
        yield from (one.revision[:12] for one in deploys[-1:])


def _panels(
    random: Random, service: str, began: datetime, kept: tuple[datetime, datetime], known: tuple[Change, ...]
) -> Iterator[tuple[str, str, list[list[float | None]]]]:
    """Over the time that is kept, with what the fault did and what other changes did without harm."""
    if random.random() > HAS_PANELS:
        return
    for shape in random.sample(SHAPES, random.randint(2, len(SHAPES))):
        faults = list(_harmless(random, service, shape, known))
        if random.random() < MOVES_A_PANEL:
            faults.append(Fault(began.timestamp(), times_of(random, shape), ramp=random.choice((0, 60, 180, 300))))
        yield shape.name, shape.unit, series(random, shape, *kept, faults)


def _harmless(random: Random, service: str, shape: Shape, known: tuple[Change, ...]) -> Iterator[Fault]:
    """Deploys leave their mark: caches are cold, for some minutes or for good."""
    for change in known:
        if change.service == service and change.environment == "production" and random.random() < HARMLESS_STEP:
            until = change.finished_at.timestamp() + random.uniform(180, 1200) if len(change.entries) > 1 else 0
            yield Fault(change.started_at.timestamp(), random.uniform(1.1, 1.8), until=until)
