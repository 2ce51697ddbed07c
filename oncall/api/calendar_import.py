"""`POST schedules/{slug}/import/`: a calendar of another product, as JSON with its text or as an uploaded file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.errors import InvalidInput
from notifications.fields import Moment
from notifications.idempotency import Idempotent
from notifications.parsers import StrictJSONParser
from oncall.api import definitions as shapes
from oncall.api.base import Writers
from oncall.api.fields import Choice
from oncall.api.seats import OfSchedule
from oncall.calendar_import import AS, MOST_BYTES, CalendarRefused, Imported
from oncall.definition import Definition, to_json
from oncall.definition.values import zone
from oncall.definition.write import utc
from oncall.models import Schedule
from oncall.requests import asker, read
from oncall.rotas.effects import compare
from oncall.rotas.schedule import Seat
from oncall.services.calendar_import import Plan, import_calendar, plan_import
from oncall.shifts import AHEAD

MOST_BODY = 3 * MOST_BYTES  # JSON writes some characters with six


class TooLarge(APIException):
    status_code = 413
    default_detail = "The calendar is larger than 1 MB: export fewer months. Nothing was read of it."
    errors = {"text": [default_detail]}


class NamesField(serializers.JSONField):
    """An object of text by text; in a form it is written as JSON."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        found = super().to_internal_value(data)
        if not isinstance(found, dict) or not all(isinstance(email, str) for email in found.values()):
            raise serializers.ValidationError(
                'Give an object of e-mail addresses by name, as in {"Ana": "ana@example.com"}.'
            )
        return found


class ImportSerializer(serializers.Serializer):
    text = serializers.CharField(required=False, trim_whitespace=False, help_text="The calendar; or send a `file`.")
    file = serializers.FileField(required=False, help_text="In multipart/form-data; 1 MB at most, in UTF-8.")
    seat = serializers.CharField()
    people = NamesField(
        default=dict, help_text="For names of the calendar, whose e-mail address each means; empty leaves it out."
    )
    until = Moment(required=False, allow_null=True, help_text="What is after it is left out.")
    dry_run = serializers.BooleanField(default=False, help_text="Say what it would make, and store nothing.")

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"as": Choice(choices=AS, help_text="overrides, or layer.")}

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        file = given.pop("file", None)
        if (file is None) == ("text" not in given):
            raise serializers.ValidationError({"text": "Send the calendar as `text`, or as a `file`: one of the two."})
        if file is not None:
            if file.size > MOST_BYTES:
                raise TooLarge
            given["text"] = decoded(file.read())
        return given


def decoded(content: bytes) -> str:
    """The text of an uploaded calendar; raises ValidationError for what is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise serializers.ValidationError({"file": "This file is not text in UTF-8; export it as .ics."}) from error


class ImportView(OfSchedule, Idempotent):
    """Import a calendar, once, from now on: all of it or nothing. Names that are nobody here are all named (400)."""

    permission_classes = [IsAuthenticated, Writers]
    parser_classes = [StrictJSONParser, MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
            self.perform_authentication(request)
            raise TooLarge
        super().initial(request, *args, **kwargs)

    @extend_schema(request=ImportSerializer, responses={201: shapes.IMPORTED, 200: shapes.IMPORTED})
    def post(self, request: Request, slug: str) -> Response:
        given = self.named(read(ImportSerializer, request))
        dry, as_, schedule = given.pop("dry_run"), given.pop("as"), self.schedule()
        if not dry:
            made = import_calendar(schedule=schedule, as_=as_, by=asker(request), **given)
            return Response(_written(made, schedule), status=201)
        try:
            plan = plan_import(schedule=schedule, as_=as_, **given)
        except CalendarRefused as refusal:
            raise InvalidInput(refusal.errors) from refusal
        return Response(_written(plan.imported, schedule) | {"changes": _changes(plan, given["seat"].name)})


def _written(imported: Imported, schedule: Schedule) -> dict[str, Any]:
    """Layers and overrides as a definition has them."""
    definition: Mapping[str, Any] = to_json(Definition(zone(schedule.timezone), (Seat("seat", imported.layers),)))
    return {
        "overrides": [
            {"people": list(one.people), "start": utc(one.start), "end": utc(one.end)} for one in imported.overrides
        ],
        "layers": definition["seats"][0]["layers"],
        "left_out": list(imported.left_out),
    }


def _changes(plan: Plan, seat: str) -> list[dict[str, Any]]:
    """Whose shifts of the next 180 days alter, and how."""
    now = timezone.now()
    return [
        {
            "person": change.person,
            "gained": [{"start": utc(one.start), "end": utc(one.end)} for one in change.gained],
            "lost": [{"start": utc(one.start), "end": utc(one.end)} for one in change.lost],
        }
        for effect in compare(plan.before, plan.after, now, now + AHEAD)
        if effect.name == seat
        for change in effect.changes
    ]
