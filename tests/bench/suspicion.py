"""How often the change that did it is among the first suspects, on outages that nobody has seen; and how fast."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from incidents.evidence import Panel, evidence
from incidents.rollouts import rollout
from incidents.suspects import Candidate, Suspect, Trouble, dependency_distances, rank
from telemetry.steps import steps
from tests.simulation.ledger import Change
from tests.simulation.organisation import Organisation, edges
from tests.simulation.outages import Outage, outages

SEEDS = range(10)
OUTAGES = 150  # of each seed
SHOWN = (1, 3)

Guess = Callable[[Organisation, Outage], list[str]]
"""Keys of changes, the likeliest first."""


@dataclass
class Tally:
    """Of one way to guess: for each seed the share of culprits among the first so many; seconds of each guess."""

    recall: dict[int, list[float]] = field(default_factory=lambda: {shown: [] for shown in SHOWN})
    seconds: list[float] = field(default_factory=list)

    def mean(self, shown: int) -> float:
        return statistics.fmean(self.recall[shown])

    def take(self, places: Sequence[int | None]) -> None:
        """Where the culprits of one seed's outages stood, from 0; None where they were not named at all."""
        for shown, shares in self.recall.items():
            shares.append(statistics.fmean(place is not None and place < shown for place in places))


def measure(guesses: Sequence[Guess], seeds: Iterable[int] = SEEDS, count: int = OUTAGES) -> tuple[int, list[Tally]]:
    """How many outages of these seeds a change caused, and how each way to guess did on them.

    The others say nothing of recall: whoever looks at suspects of those has to find out that it was none.
    """
    n, tallies = 0, [Tally() for _ in guesses]
    for seed in seeds:
        services, made = outages(seed, count)
        caused = [outage for outage in made if outage.culprit]
        n += len(caused)
        for guess, tally in zip(guesses, tallies, strict=True):
            tally.take([_place(guess, services, outage, tally.seconds) for outage in caused])
    return n, tallies


def _place(guess: Guess, services: Organisation, outage: Outage, seconds: list[float]) -> int | None:
    began = time.perf_counter()
    keys = guess(services, outage)
    seconds.append(time.perf_counter() - began)
    return keys.index(outage.culprit) if outage.culprit in keys else None


def ours(services: Organisation, outage: Outage) -> list[str]:
    """As `incidents.context` asks: what is near in the catalogue, with the steps of the panels that are kept."""
    return [suspect.change.key for suspect in suspects(services, outage)]


def suspects(services: Organisation, outage: Outage) -> list[Suspect]:
    """The ranking with its reasons."""
    trouble = Trouble(
        started_at=outage.started_at,
        environment="production",
        alert_starts=outage.alerts,
        releases=outage.releases,
    )
    distances = dependency_distances([outage.service], edges(services.values()))
    near = {slug for slug, hops in distances.items() if hops <= 2}
    beside = {slug for slug, one in services.items() if one.platform == services[outage.service].platform}
    candidates = [
        _candidate(change, trouble, shared_platform=change.service not in near)
        for change in outage.changes
        if change.service in near | beside
    ]
    panels = [Panel(name, outage.service, unit, tuple(steps(points))) for name, unit, points in outage.panels]
    return rank(candidates, trouble, distances, evidence(candidates, panels, trouble.began_at))


def most_recent(services: Organisation, outage: Outage) -> list[str]:
    """A baseline: the last changes of all, up to when the trouble began."""
    return _latest_first(outage, set(services))


def most_recent_of_the_service(services: Organisation, outage: Outage) -> list[str]:
    """A baseline: the last changes of the service in trouble."""
    return _latest_first(outage, {outage.service})


def _latest_first(outage: Outage, services: set[str]) -> list[str]:
    t0 = min([outage.started_at, *outage.alerts])
    known = [
        change
        for change in outage.changes
        if change.service in services and change.environment == "production" and change.started_at <= t0
    ]
    return [change.key for change in sorted(known, key=lambda change: change.started_at, reverse=True)]


def _candidate(change: Change, trouble: Trouble, *, shared_platform: bool) -> Candidate:
    went = rollout(change.entries, trouble.began_at)
    return Candidate(
        key=change.key,
        service=change.service,
        kind=change.kind,
        state=went.state,
        started_at=went.started_at,
        finished_at=went.finished_at,
        environment=change.environment,
        revision=change.revision,
        emergency=change.emergency,
        overridden=change.overridden,
        shared_platform=shared_platform,
    )
