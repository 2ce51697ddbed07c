"""The incidents that the deploy gate minds (`settings.GATE_INCIDENTS`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from changes.gate.facts import OpenIncident
from incidents.dependencies import within_reach
from incidents.models import Incident
from oncall.models import Person, Service

GRAVE = ("sev1", "sev2")


def open_for(service_ids: Iterable[int], by: Person | None, *, named: Collection[int] = ()) -> list[OpenIncident]:
    """Every sev1 and sev2 that is open on these services, or on what they depend on; and those of the numbers `named`.

    Practice is none of the gate's business. `known` says whether `by` (None: a program that is nobody's) may know that
    there is one of this number.
    """
    near = within_reach(service_ids)
    numbers = [number for number in named if 0 < number < 2**31]
    grave = Q(services__in=near, severity__in=GRAVE, practice=False, pk__in=Incident.objects.open().values("pk"))
    found = list(Incident.objects.filter(grave | Q(number__in=numbers)).distinct().order_by("severity", "number"))
    mine = (
        set(by.incidents.filter(pk__in=[incident.pk for incident in found]).values_list("pk", flat=True))
        if by
        else set()
    )
    touched = _touched(found, near)
    return [
        OpenIncident(
            number=incident.number,
            severity=incident.severity,
            on=tuple(touched[incident.pk]),
            private=incident.private,
            blocks=_is_grave(incident) and bool(touched[incident.pk]),
            known=not incident.private or incident.pk in mine,
        )
        for incident in found
    ]


def _is_grave(incident: Incident) -> bool:
    return incident.is_open and incident.severity in GRAVE and not incident.practice


def _touched(incidents: Collection[Incident], near: Collection[int]) -> dict[int, list[str]]:
    """By incident, the slugs of those services near by that it affects."""
    links = Incident.services.through.objects.filter(incident__in=incidents, service__in=near)
    slugs = dict(Service.objects.filter(pk__in=near).values_list("pk", "slug"))
    found: dict[int, list[str]] = defaultdict(list)
    for link in links.order_by("pk"):
        found[link.incident_id].append(slugs[link.service_id])
    return found
