"""How far services are from one another in the catalogue, by primary key, in one query for each hop."""

from __future__ import annotations

from collections.abc import Iterable

from oncall.models import Service

HOPS = 2
"""As far as trouble is looked for: beyond it, everything depends on everything."""


def within_reach(service_ids: Iterable[int]) -> set[int]:
    """These services and what they depend on, up to two hops away."""
    return {reached for pair in edges(service_ids) for reached in pair} | set(service_ids)


def edges(service_ids: Iterable[int]) -> set[tuple[int, int]]:
    """`(service, depends on)` along the way from these services, up to two hops away."""
    return _walk(set(service_ids), "from_service_id", "to_service_id")


def depending_on(service_id: int) -> set[int]:
    """This service and those that feel its troubles: its dependents, up to two hops away."""
    return {reached for pair in _walk({service_id}, "to_service_id", "from_service_id") for reached in pair} | {
        service_id
    }


def _walk(frontier: set[int], near: str, far: str) -> set[tuple[int, int]]:
    links = Service.depends_on.through.objects
    found: set[tuple[int, int]] = set()
    seen = set(frontier)
    for _ in range(HOPS):
        step = set(links.filter(**{f"{near}__in": frontier}).values_list(near, far))
        found |= step
        frontier = {reached for _, reached in step} - seen
        seen |= frontier
    return found
