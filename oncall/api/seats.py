"""What the API of swaps, leave, shadows, cover and overrides shares: a seat of a schedule, people by e-mail address."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView

from oncall.models import Person, Schedule, Seat
from oncall.requests import asker
from oncall.services.findings import Findings


class OfSchedule(GenericAPIView):
    """Mixed into views below `schedules/{slug}/`: what belongs to one schedule that the asker may see, else 404."""

    def schedule(self) -> Schedule:
        return get_object_or_404(Schedule.objects.visible_to(self.request.user), slug=self.kwargs["slug"])

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(seat__schedule=self.schedule())

    def named(self, given: dict[str, Any], *roles: str) -> dict[str, Any]:
        """What was given, with the seat and each of these people found; one that is left out is the asker.

        Raises InvalidInput with every name that is wrong.
        """
        return found_in(self.schedule(), given, asker(self.request), *roles)


def found_in(schedule: Schedule | None, given: dict[str, Any], by: Person, *roles: str) -> dict[str, Any]:
    findings = Findings()
    seat = _seat(findings, schedule, given.get("seat", ""))
    people = {role: _person(findings, role, given.get(role), by) for role in roles}
    findings.raise_if_any()
    return given | people | {"seat": seat}


def _seat(findings: Findings, schedule: Schedule | None, name: str) -> Seat | None:
    if schedule is None:
        return None
    seats = {seat.name: seat for seat in schedule.seats.current()}
    for seat in seats.values():
        seat.schedule = schedule
    if name not in seats:
        findings.add("seat", f"“{name}” is no seat of {schedule.slug}; use {', '.join(seats) or 'another schedule'}.")
    return seats.get(name)


def _person(findings: Findings, field: str, email: str | None, by: Person) -> Person | None:
    if not email:
        return by
    return next(iter(findings.people(field, [email])), None)
