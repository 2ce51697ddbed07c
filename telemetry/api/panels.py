"""`services/{slug}/panels/`: what is stored of a service's panels over a window."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.errors import InvalidInput
from notifications.fields import Moment
from notifications.links import absolute
from oncall.models import Service
from oncall.requests import asker
from telemetry.models import Snapshot
from telemetry.overview import overview
from telemetry.panels import Mark
from telemetry.windows import DEFAULT_WINDOW, WINDOWS, Window, window_between, window_called


class SnapshotSerializer(serializers.ModelSerializer):
    covers_until = Moment(read_only=True, allow_null=True, help_text="Up to when it has been fetched; null: not yet.")

    class Meta:
        model = Snapshot
        fields = [
            "name", "source", "query", "unit", "state", "error", "covers_until", "series", "week_before", "log_lines",
        ]  # fmt: skip
        read_only_fields = fields


class MarkSerializer(serializers.Serializer):
    at = serializers.SerializerMethodField()
    kind = serializers.CharField(help_text="change, alert, incident, or status where one was resolved.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field called so
    url = serializers.SerializerMethodField(help_text="Where it leads; empty for nowhere.")

    def get_at(self, mark: Mark) -> datetime:
        return datetime.fromtimestamp(mark["t"], UTC)

    def get_url(self, mark: Mark) -> str:
        return absolute(mark["url"]) if mark.get("url") else ""


class OverviewSerializer(serializers.Serializer):
    """`state`: ready, or waiting while something is on its way: then ask again in a few seconds."""

    service = serializers.CharField(source="service.slug")
    since = Moment(source="window.since")
    until = Moment(source="window.until")
    state = serializers.SerializerMethodField()
    panels = SnapshotSerializer(many=True, source="snapshots")
    marks = MarkSerializer(many=True, help_text="Changes, alerts and incidents of the service, the earliest first.")

    def get_state(self, seen: Any) -> str:
        return "waiting" if seen.is_waiting else "ready"


def _moment(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.DATETIME, description=words)


class ServicePanelsView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("window", enum=list(WINDOWS), description="One that ends now; 1h where nothing is asked."),
            _moment("since", "Instead: from then on, at most 31 days."),
            _moment("until", "Up to then; now, where it is left out."),
        ],
        responses=OverviewSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """What was fetched last; what is missing or old is asked for, and is there a few seconds later."""
        service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
        seen = overview(service=service, window=_window(request), by=asker(request))
        return Response(OverviewSerializer(seen).data)


def _window(request: Request) -> Window:
    given = request.query_params
    if "since" in given or "until" in given:
        return window_between(_instant(given, "since"), _instant(given, "until"))
    return window_called(given.get("window", DEFAULT_WINDOW))


def _instant(given: Any, name: str) -> datetime | None:
    """A `+` that was not encoded arrives as a space, and is meant as a `+`."""
    text = given.get(name, "").strip().replace(" ", "+")
    try:
        return Moment().to_internal_value(text) if text else None
    except serializers.ValidationError as error:
        raise InvalidInput({name: [str(sentence) for sentence in error.detail]}) from error
