"""`schedules/`, their stored shifts, and `oncall/preview/`, which stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from notifications.errors import InvalidInput
from notifications.idempotency import Idempotent
from oncall import services
from oncall.api import definitions as shapes
from oncall.api.base import Visible, Writers
from oncall.definition import Definition, InvalidDefinition, parse_definition, preview, read_window, to_json
from oncall.definition.write import utc
from oncall.models import Schedule, Seat
from oncall.requests import asker
from oncall.rota import stored_rota
from oncall.rotas.coverage import Interval
from oncall.shifts import AHEAD
from oncall.stored_definition import OF_SEATS, definition_of

WINDOW = [
    OpenApiParameter("since", str, description="With an offset or Z; now, where it is left out."),
    OpenApiParameter("until", str, description="180 days from now, where it is left out."),
]


class ScheduleView(Idempotent, Visible, GenericViewSet):
    """A schedule is its definition with `slug` and `name`; participants are e-mail addresses."""

    permission_classes = [IsAuthenticated, Writers]
    lookup_field = "slug"
    queryset = Schedule.objects.prefetch_related(
        Prefetch("seats", Seat.objects.current().prefetch_related(*OF_SEATS), to_attr="filled")
    )

    @extend_schema(responses={200: shapes.SCHEDULES})
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([written(schedule) for schedule in page or []])

    @extend_schema(responses={200: shapes.SCHEDULE})
    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(written(self.get_object()))

    @extend_schema(request={"application/json": shapes.SCHEDULE}, responses={201: shapes.SCHEDULE})
    def create(self, request: Request) -> Response:
        return Response(self._save(request, _object(request.data)), status=201)

    @extend_schema(request={"application/json": shapes.SCHEDULE_CHANGE}, responses={200: shapes.SCHEDULE})
    def partial_update(self, request: Request, slug: str) -> Response:
        schedule = self.get_object()
        return Response(self._save(request, written(schedule) | _object(request.data), schedule))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, slug: str) -> Response:
        services.delete_schedule(schedule=self.get_object(), by=asker(request))
        return Response(status=204)

    def _save(self, request: Request, data: dict[str, Any], schedule: Schedule | None = None) -> dict[str, Any]:
        slug, name = data.pop("slug", ""), data.pop("name", "")
        definition, by = read(data), asker(request)
        saved = services.save_schedule(slug=slug, name=name, definition=definition, schedule=schedule, by=by)
        return written(self.get_queryset().get(pk=saved.pk))


class ShiftsView(APIView):
    """The stored shifts of a schedule, cut to a window of 400 days at most."""

    @extend_schema(parameters=WINDOW, responses={200: shapes.ROTA})
    def get(self, request: Request, slug: str) -> Response:
        schedule = get_object_or_404(Schedule.objects.visible_to(request.user), slug=slug)
        window = _window(request.query_params)
        rota = stored_rota(schedule, window.start, window.end)
        return Response(
            {
                "seats": {
                    seat.name: {
                        "shifts": [
                            {"start": utc(shift.start), "end": utc(shift.end), "people": list(shift.people)}
                            for shift in seat.as_read()
                        ],
                        "gaps": [{"start": utc(gap.start), "end": utc(gap.end)} for gap in seat.gaps],
                    }
                    for seat in rota.seats
                }
            }
        )


class PreviewView(APIView):
    """What a definition comes to. Names stand for people, and none of them need exist."""

    @extend_schema(request={"application/json": shapes.PREVIEW}, responses={200: shapes.ROTA})
    def post(self, request: Request) -> Response:
        data = _object(request.data)
        given = {name: data.pop(name, None) for name in ("since", "until")}
        for name in ("slug", "name"):
            data.pop(name, None)
        definition = read(data)
        window = _read_window(**given, zone=definition.zone)
        try:
            return Response(preview(definition, window.start, window.end))
        except InvalidDefinition as error:
            raise InvalidInput(error.errors) from error


def written(schedule: Schedule) -> dict[str, Any]:
    """A schedule as the API gives it: what was sent, with what has a default filled in."""
    definition = to_json(definition_of(schedule, schedule.filled))  # type: ignore[attr-defined]
    return {"slug": schedule.slug, "name": schedule.name} | definition


def read(data: Mapping[str, Any]) -> Definition:
    """A definition; raises InvalidInput with every error by its path."""
    try:
        return parse_definition(data)
    except InvalidDefinition as error:
        raise InvalidInput(error.errors) from error


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise InvalidInput(body=f"This is a JSON {type(data).__name__}; send an object.")
    return dict(data)


def _window(given: Mapping[str, str]) -> Interval:
    now = timezone.now()
    return _read_window(given.get("since") or utc(now), given.get("until") or utc(now + AHEAD))


def _read_window(since: object, until: object, zone: ZoneInfo | None = None) -> Interval:
    try:
        return read_window(since, until, zone)
    except InvalidDefinition as error:
        raise InvalidInput(error.errors) from error
