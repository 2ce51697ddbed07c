"""Which open incident takes an alert in: that of its service, else of what the service depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from incidents.dependencies import HOPS, edges
from incidents.models import Incident
from oncall.models import Service


@dataclass(frozen=True)
class Home:
    """An open incident, and the service whose it is."""

    incident: Incident
    service_id: int


class Homes:
    """The open incidents near some services. Practice and private incidents take no alerts in."""

    def __init__(self, service_ids: Iterable[int]) -> None:
        self.near = _reach(set(service_ids))
        self.open: dict[int, Incident] = {}
        self.look({service for row in self.near.values() for hop in row for service in hop})

    def look(self, service_ids: Iterable[int]) -> None:
        """Learn which incidents are open now on these services."""
        self.open |= open_by_service(service_ids)

    def own(self, service_id: int | None) -> Home | None:
        """The incident of the service itself."""
        incident = self.open.get(service_id) if service_id else None
        return Home(incident, service_id) if incident and service_id else None

    def above(self, service_id: int | None) -> Home | None:
        """The incident of what the service depends on: the nearest, of those the gravest, then the oldest."""
        for hop in self.near[service_id][1:] if service_id else ():
            found = [Home(self.open[service], service) for service in hop if service in self.open]
            if found:
                return min(found, key=lambda home: (home.incident.severity, home.incident.number))
        return None


def open_by_service(service_ids: Iterable[int]) -> dict[int, Incident]:
    """The open incident that takes further alerts of each service in: the gravest, then the oldest."""
    wanted = set(service_ids)
    candidates = Incident.objects.open().filter(practice=False, private=False, services__in=wanted)
    rows = candidates.order_by("-severity", "-number").values_list("services", "pk")
    by_service = {service: pk for service, pk in rows if service in wanted}
    incidents = Incident.objects.in_bulk(set(by_service.values()))
    return {service: incidents[pk] for service, pk in by_service.items()}


def names(service_ids: Iterable[int]) -> dict[int, str]:
    """What services are called."""
    return dict(Service.objects.filter(pk__in=set(service_ids)).values_list("pk", "name"))


def _reach(service_ids: set[int]) -> dict[int, list[set[int]]]:
    """For each service itself, what it depends on, and what that depends on: one set for each hop."""
    below: dict[int, set[int]] = {}
    for service, needed in edges(service_ids):
        below.setdefault(service, set()).add(needed)
    found = {}
    for service in service_ids:
        hops, seen = [{service}], {service}
        for _ in range(HOPS):
            hops.append({needed for near in hops[-1] for needed in below.get(near, ())} - seen)
            seen |= hops[-1]
        found[service] = hops
    return found
