"""`pipelines/`: how the delivery pipelines are doing, and for how long each may be red."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from changes import red
from changes.health import USUAL_WINDOW, WINDOWS, health
from changes.models import Pipeline, PipelineRun
from notifications.errors import InvalidInput
from notifications.filters import MomentFilter
from oncall.api.base import Visible, Writers
from oncall.api.fields import Minutes, NameOf
from oncall.models import Service
from oncall.requests import asker

WINDOW = OpenApiParameter("window", enum=[*WINDOWS], default=USUAL_WINDOW, description="What the figures are of.")


class FiguresSerializer(serializers.Serializer):
    """Of the runs that ended in the window, on the branch that counts; durations in seconds, null below five."""

    window = serializers.ChoiceField(choices=[*WINDOWS])
    judged = serializers.IntegerField(help_text="n: the runs that succeeded or failed.")
    succeeded = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="succeeded / judged; null without a judged run.")
    red = serializers.FloatField()
    run_time = serializers.FloatField(allow_null=True, help_text="Median of the runs that succeeded.")
    run_time_p90 = serializers.FloatField(allow_null=True)
    queue_time = serializers.FloatField(allow_null=True, help_text="Median of all judged runs.")
    queue_time_p90 = serializers.FloatField(allow_null=True)


class PipelineSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(read_only=True)
    repository = serializers.CharField(read_only=True)
    service = NameOf(help_text="Slug of the service; its Dev team is told. Null: nobody's.")
    branch = serializers.CharField(
        required=False, max_length=200, allow_blank=True, help_text="`*` is every one; empty: main or master."
    )
    red_limit = Minutes(required=False, help_text="Minutes, or an ISO 8601 duration: 1 minute to 90 days.")
    red_since = serializers.DateTimeField(read_only=True, allow_null=True)
    told_at = serializers.DateTimeField(read_only=True, allow_null=True)
    figures = FiguresSerializer(read_only=True)


class PipelineFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug")
    repository = django_filters.CharFilter(lookup_expr="iexact")
    red = django_filters.BooleanFilter(field_name="red_since", lookup_expr="isnull", exclude=True)
    red_before = MomentFilter(field_name="red_since", lookup_expr="lt")


class PipelinesView(Visible, generics.ListAPIView):
    queryset = Pipeline.objects.select_related("service")
    serializer_class = PipelineSerializer
    filterset_class = PipelineFilter

    @extend_schema(parameters=[WINDOW])
    def get(self, request: Request, *args: Any, **options: Any) -> Response:
        """Each pipeline with its figures."""
        page: list[Pipeline] = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(_told(page, request))


@extend_schema_view(get=extend_schema(parameters=[WINDOW], responses=PipelineSerializer))
class PipelineView(Visible, generics.GenericAPIView):
    permission_classes = [IsAuthenticated, Writers]
    queryset = Pipeline.objects.select_related("service")
    serializer_class = PipelineSerializer

    def get(self, request: Request, pk: int) -> Response:
        """One pipeline with its figures."""
        return Response(_told([self.get_object()], request)[0])

    def patch(self, request: Request, pk: int) -> Response:
        """Say for how long it may be red, which branch counts, and whose it is."""
        pipeline: Pipeline = self.get_object()
        told = PipelineSerializer(data=request.data, partial=True)
        told.is_valid(raise_exception=True)
        given = dict(told.validated_data)
        changed = red.configure(
            pipeline=pipeline,
            red_limit=_limit(given, pipeline),
            branch=given.get("branch", pipeline.branch),
            service=_service(given["service"]) if "service" in given else pipeline.service,
            by=asker(request),
        )
        return Response(_told([changed], request)[0])


def _told(pipelines: list[Pipeline], request: Request) -> list[dict[str, Any]]:
    """As the serializer shows them, with figures."""
    window = request.query_params.get("window", USUAL_WINDOW)
    if window not in WINDOWS:
        raise InvalidInput(window=f"{window!r} is no window: choose one of {', '.join(WINDOWS)}.")
    now, runs = timezone.now(), PipelineRun.objects.visible_to(request.user)
    told: list[dict[str, Any]] = []
    for one in health(pipelines, visible=runs, since=now - WINDOWS[window], until=now):
        one.pipeline.figures = _figures(one.figures, window)  # type: ignore[attr-defined]
        told.append(PipelineSerializer(one.pipeline).data)
    return told


def _figures(figures: Any, window: str) -> dict[str, Any]:
    names = ("red", "run_time", "run_time_p90", "queue_time", "queue_time_p90")
    lengths: dict[str, timedelta | None] = {name: getattr(figures, name) for name in names}
    counted = {"window": window, "judged": figures.judged, "succeeded": figures.succeeded, "share": figures.share}
    return counted | {name: value.total_seconds() if value is not None else None for name, value in lengths.items()}


def _limit(given: dict[str, Any], pipeline: Pipeline) -> timedelta:
    if "red_limit" not in given:
        return pipeline.red_limit
    minutes = given["red_limit"]
    return timedelta(minutes=minutes) if 0 <= minutes < 1_000_000 else red.LONGEST * 2


def _service(slug: str | None) -> Service | None:
    if not slug:
        return None
    found = Service.objects.filter(slug=slug).first()
    if found is None:
        raise InvalidInput(service=f"There is no service “{slug}”; GET /api/v1/services/ lists them.")
    return found
