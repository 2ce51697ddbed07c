"""Services that depend on one another, in three layers, on a few platforms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

LAYERS = {"edge": 0.2, "core": 0.5, "store": 0.3}
PLATFORMS = ("cluster-a", "cluster-b", "cluster-c")


@dataclass(frozen=True)
class Service:
    """`told_of_successors`: its sender says when a deploy takes the place of an earlier one, as GitHub does."""

    slug: str
    platform: str
    depends_on: tuple[str, ...]
    changes_a_day: float
    told_of_successors: bool


Organisation = dict[str, Service]


def organisation(random: Random) -> Organisation:
    """30 to 60 services; each depends on some of its own layer made before it, and of the layer below."""
    count = random.randint(30, 60)
    layers = {name: [f"{name}-{n}" for n in range(max(2, round(count * part)))] for name, part in LAYERS.items()}
    made: Organisation = {}
    below: list[str] = []
    for name in reversed(LAYERS):
        beside: list[str] = []
        for slug in layers[name]:
            made[slug] = _service(random, slug, below, beside)
            beside.append(slug)
        below = beside
    return made


def edges(services: Iterable[Service]) -> list[tuple[str, str]]:
    """(service, depends on)."""
    return [(service.slug, dependency) for service in services for dependency in service.depends_on]


def dependents(services: Organisation, slug: str) -> list[str]:
    """Those that depend on it directly."""
    return [service.slug for service in services.values() if slug in service.depends_on]


def _service(random: Random, slug: str, below: list[str], beside: list[str]) -> Service:
    chosen = random.sample(below, min(len(below), random.randint(1, 4)))
    if beside and random.random() < 0.4:
        chosen.append(random.choice(beside))
    return Service(
        slug=slug,
        platform=random.choice(PLATFORMS),
        depends_on=tuple(chosen),
        changes_a_day=min(12.0, random.lognormvariate(0.3, 0.9)),
        told_of_successors=random.random() < 0.5,
    )
