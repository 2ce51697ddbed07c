"""`oncall/now`: who fills each seat of a service at an instant, and who is next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.errors import InvalidInput
from oncall.api.fields import PersonBrief
from oncall.definition import values
from oncall.definition.write import utc
from oncall.models import Person, Service
from oncall.shifts import next_on_call, on_call_now

ALWAYS = ("dev", "ops")


class NextSerializer(serializers.Serializer):
    people = PersonBrief(many=True)
    start = serializers.DateTimeField()


class NowSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    seats = serializers.DictField(child=PersonBrief(many=True), help_text="Nobody on a seat is an empty list.")
    next = serializers.DictField(child=NextSerializer(), help_text="By seat, the shift that begins next.")


class NowView(APIView):
    """Who is on call for a service. Dev and Ops always stand there, also where nobody fills them."""

    @extend_schema(
        parameters=[
            OpenApiParameter("service", str, required=True, description="Slug."),
            OpenApiParameter("at", str, description="An instant with an offset or Z; now, where it is left out."),
        ],
        responses=NowSerializer,
    )
    def get(self, request: Request) -> Response:
        slug = request.query_params.get("service", "")
        if not slug or "\x00" in slug:
            raise InvalidInput(service=f"{slug!r} names no service; add ?service= with its slug.")
        at = _instant(request.query_params.get("at", ""))
        service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
        now = {seat: list[Person]() for seat in ALWAYS} | on_call_now(service, at)
        after = next_on_call(service, at)
        return Response(
            {
                "at": utc(at),
                "seats": {seat: brief(people) for seat, people in now.items()},
                "next": {
                    seat: {"people": brief(found["people"]), "start": utc(found["start"])}
                    for seat, found in after.items()
                },
            }
        )


def brief(people: list[Person]) -> list[dict[str, Any]]:
    return [{"email": person.email, "name": person.name} for person in people]


def _instant(given: str) -> datetime:
    try:
        return values.instant(given.replace(" ", "+")) if given else timezone.now()
    except ValueError as error:
        raise InvalidInput(at=str(error)) from error
