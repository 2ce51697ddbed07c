"""The incidents that checks are for, as far as somebody may know of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from changes.models import GateCheck
from oncall.models import Person


def with_known_incidents(checks: Iterable[GateCheck], user: Person) -> list[GateCheck]:
    """The checks, those of private incidents that `user` takes no part in without their number."""
    found = list(checks)
    numbers = {check.incident for check in found if check.incident is not None}
    known = {one.number for one in import_string(settings.GATE_INCIDENTS)([], user, named=numbers) if one.known}
    for check in found:
        if check.incident not in known:
            check.incident = None
    return found
