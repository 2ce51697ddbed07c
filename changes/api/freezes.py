"""`gate/freezes/`: windows in which nothing is changed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from changes.gate.freezes import lift_freeze, save_freeze
from changes.gate.gathering import freeze_facts
from changes.gate.windows import holding
from changes.models import Freeze
from notifications.fields import Moment
from notifications.idempotency import Idempotent
from oncall.api.base import Visible, Writers
from oncall.api.fields import NamesOf, PersonBrief
from oncall.requests import asker


class WindowSerializer(serializers.Serializer):
    """A window of every week, such as {"weekdays": ["fri"], "from": "16:00", "to": "24:00"}."""

    weekdays = serializers.ListField(child=serializers.CharField(), required=False, help_text="None: every day.")
    to = serializers.CharField(required=False, help_text="No later than `from`: on the day after.")

    def get_fields(self) -> Any:
        opens = serializers.CharField(required=False, help_text="A time of day, by the clock of the time zone.")
        return super().get_fields() | {"from": opens}  # no name for an attribute


class FreezeSerializer(serializers.Serializer):
    """Once, from start until end, or every week in its windows (within start and end, if those are given too)."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=100)
    why = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    timezone = serializers.CharField(max_length=60, required=False, help_text="IANA name; unsaid: UTC.")
    start = Moment(required=False, allow_null=True)
    end = Moment(required=False, allow_null=True)
    windows = WindowSerializer(many=True, required=False)
    services = NamesOf(help_text="Slugs of the services that are frozen; none: all of them.")
    environment = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="Unsaid: production; empty: every one."
    )
    holds_until = serializers.SerializerMethodField(help_text="If it holds now, its end; else null.")
    created_by = PersonBrief(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    lifted_at = serializers.DateTimeField(read_only=True, allow_null=True)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_holds_until(self, freeze: Freeze) -> Any:
        held = None if freeze.lifted_at else holding(freeze_facts(freeze), now())
        return serializers.DateTimeField().to_representation(held.end) if held else None


class FreezeFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="services__slug", label="Service")
    lifted = django_filters.BooleanFilter(field_name="lifted_at", lookup_expr="isnull", exclude=True, label="Lifted")


class FreezeView(Idempotent, Visible, ModelViewSet):
    """Nothing is changed while one holds, but by a rollback or a recorded override. DELETE lifts it."""

    permission_classes = [IsAuthenticated, Writers]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_value_regex = r"\d{1,18}"
    queryset = Freeze.objects.select_related("created_by").prefetch_related("services")
    serializer_class = FreezeSerializer
    filterset_class = FreezeFilter

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        made = save_freeze(**serializer.validated_data, by=asker(self.request))
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        freeze: Any = serializer.instance
        stands = {
            name: getattr(freeze, name)
            for name in ("name", "why", "timezone", "start", "end", "windows", "environment")
        }
        stands["services"] = [service.slug for service in freeze.services.all()]
        save_freeze(**stands | serializer.validated_data, freeze=freeze, by=asker(self.request))
        serializer.instance = self.get_queryset().get(pk=freeze.pk)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It holds no more, from now on; 409 where it was lifted before."""
        lift_freeze(freeze=self.get_object(), by=asker(request))
        return Response(status=204)
