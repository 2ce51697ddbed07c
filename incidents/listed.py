"""Incidents with what a list says of each, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Prefetch

from incidents.models import RoleAssignment
from incidents.models.work import Role
from incidents.querysets import IncidentQuerySet


def for_lists(incidents: IncidentQuerySet) -> IncidentQuerySet:
    """With `services`, and `commanders`: who commands it now, one or none."""
    commanding = RoleAssignment.objects.filter(role=Role.COMMANDER, until=None).select_related("person")
    return incidents.prefetch_related("services", Prefetch("roles", commanding, to_attr="commanders"))
