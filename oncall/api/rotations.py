"""`schedules/{slug}/rotations/`: people join and leave a rotation from a handoff on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.errors import InvalidInput
from notifications.fields import Moment
from notifications.idempotency import Idempotent
from oncall import services
from oncall.api import definitions as shapes
from oncall.api.base import Writers
from oncall.definition import to_json
from oncall.definition.write import utc
from oncall.models import Layer, Person, Schedule
from oncall.requests import asker, read
from oncall.rotas import roster
from oncall.rotas.coverage import Interval
from oncall.rotas.effects import SeatEffect, compare
from oncall.services.findings import Findings
from oncall.services.rosters import RosterChange, joining, leaving
from oncall.stored_definition import load_definition

AHEAD = timedelta(days=180)


class RotationSerializer(serializers.Serializer):
    seat = serializers.CharField()
    layer = serializers.IntegerField(
        min_value=0, required=False, help_text="Which of the seat's layers, from 0; the first that goes on then."
    )
    join = serializers.EmailField(required=False, help_text="Who takes turns from then on.")
    leave = serializers.EmailField(required=False, help_text="Who takes none any more. One of the two.")
    beside = serializers.EmailField(required=False, help_text="Join this person's turns instead of having their own.")
    at = Moment(required=False, help_text="From the first handoff at or after it; now, where it is left out.")
    dry_run = serializers.BooleanField(default=False, help_text="Only tell what would change.")


class RotationView(Idempotent):
    """Who stays keeps their order and the turns that were agreed before the handoff."""

    permission_classes = [IsAuthenticated, Writers]

    @extend_schema(request=RotationSerializer, responses={200: shapes.ROSTER_CHANGE})
    def post(self, request: Request, slug: str) -> Response:
        schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
        given = read(RotationSerializer, request)
        people = _people(given)
        at = given.get("at")
        layer = _layer(schedule, given["seat"], given.get("layer"), at or timezone.now())
        asked: dict[str, Any] = {"layer": layer, "at": at, "person": people.get("join") or people["leave"]}
        plan: Callable[..., RosterChange] = leaving
        carry_out: Callable[..., Schedule] = services.leave_rotation
        if "join" in people:
            plan, carry_out = joining, services.join_rotation
            asked["beside"] = people.get("beside")
        change = plan(**asked)
        if not given["dry_run"]:
            carry_out(**asked, by=asker(request))
        return Response(_told(schedule, change, saved=not given["dry_run"]))


def _people(given: dict[str, Any]) -> dict[str, Person]:
    """Everybody named, by the role they have. A leaver and a partner may be people who are gone."""
    if ("join" in given) == ("leave" in given):
        raise InvalidInput(join="Name one person, who is to join or to leave.")
    if "leave" in given and "beside" in given:
        raise InvalidInput(beside="Only who joins may do so beside somebody; leave it out.")
    findings = Findings()
    found: dict[str, Person] = {}
    for role in ("join", "leave", "beside"):
        if role in given:
            if person := Person.objects.filter(email__iexact=given[role]).first():
                found[role] = person
            else:
                findings.add(role, f"Nobody here has the address “{given[role]}”; correct it.")
    findings.raise_if_any()
    return found


def _layer(schedule: Schedule, name: str, index: int | None, at: datetime) -> Layer:
    seats = {seat.name: seat for seat in schedule.seats.current()}
    if name not in seats:
        known = ", ".join(seats) or "another schedule"
        raise InvalidInput(seat=f"“{name}” is no seat of {schedule.slug}; use {known}.")
    layers = list(seats[name].layers.filter(participants__isnull=False).distinct().select_related("seat__schedule"))
    if index is None:
        index = _first_that_goes_on(schedule, name, at)
    if index >= len(layers):
        last = f"counted from 0 the last is {len(layers) - 1}" if layers else "add one first"
        raise InvalidInput(layer=f"{index} is no layer of {name}; {last}.")
    return layers[index]


def _first_that_goes_on(schedule: Schedule, name: str, at: datetime) -> int:
    """A rotation that was changed for a later day stands there twice: until that day, and from it on."""
    seat = next(seat for seat in load_definition(schedule).seats if seat.name == name)
    return next((index for index, layer in enumerate(seat.layers) if roster.goes_on(layer, at)), 0)


def _told(schedule: Schedule, change: RosterChange, *, saved: bool) -> dict[str, Any]:
    now = timezone.now().replace(microsecond=0)
    effects = compare(change.before, change.after, now, now + AHEAD)
    return {
        "saved": saved,
        "from": utc(change.handoff),
        "definition": {"slug": schedule.slug, "name": schedule.name} | to_json(change.after),
        "changes": [one for effect in effects for one in _changes(effect)],
    }


def _changes(effect: SeatEffect) -> list[dict[str, Any]]:
    return [
        {
            "seat": effect.name,
            "person": change.person,
            "gained": [_written(interval) for interval in change.gained],
            "lost": [_written(interval) for interval in change.lost],
        }
        for change in effect.changes
    ]


def _written(interval: Interval) -> dict[str, str]:
    return {"start": utc(interval.start), "end": utc(interval.end)}
