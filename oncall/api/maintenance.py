"""`maintenance/`: windows in which alerts of some services page nobody."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from notifications.fields import Moment
from notifications.idempotency import Idempotent
from oncall.api.base import Visible, Writers
from oncall.api.fields import NamesOf, PersonBrief
from oncall.models import Maintenance, Service
from oncall.querysets import MaintenanceQuerySet
from oncall.requests import asker
from oncall.services.findings import Findings
from oncall.services.maintenance import change_maintenance, end_or_cancel, plan_maintenance

STATES = [("current", "holds now"), ("upcoming", "has yet to begin"), ("over", "is over")]


class MaintenanceSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    services = NamesOf(help_text="Slugs of the services that are worked on.")
    start = Moment(required=False, help_text="Now, where it is left out or has passed; fixed once it has come.")
    end = Moment(help_text="At most 30 days after the start.")
    reason = serializers.CharField(max_length=200)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    created_by = PersonBrief(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def validate_services(self, slugs: list[str]) -> list[Service]:
        findings = Findings()
        named = findings.many("services", slugs, Service.objects.all())
        if findings.errors:
            raise serializers.ValidationError(findings.errors["services"])
        return named


class MaintenanceFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(method="of_service", help_text="Slug of a service that is worked on.")
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state")

    def of_service(self, queryset: MaintenanceQuerySet, name: str, value: str) -> MaintenanceQuerySet:
        return queryset.filter(services__slug=value)

    def in_state(self, queryset: MaintenanceQuerySet, name: str, value: str) -> MaintenanceQuerySet:
        now = timezone.now()
        return {"current": queryset.at, "upcoming": queryset.upcoming, "over": queryset.over}[value](now)


class MaintenanceView(Idempotent, Visible, ModelViewSet):
    """While a window holds, alerts of its services are kept; what still fires when it is over pages then."""

    permission_classes = [IsAuthenticated, Writers]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    queryset = Maintenance.objects.select_related("created_by").prefetch_related("services")
    serializer_class = MaintenanceSerializer
    filterset_class = MaintenanceFilter

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        given = {"services": [], "start": timezone.now()} | serializer.validated_data
        serializer.instance = plan_maintenance(**given, by=asker(self.request))

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        window: Any = serializer.instance
        change_maintenance(maintenance=window, **serializer.validated_data, by=asker(self.request))
        serializer.instance = self.get_queryset().get(pk=window.pk)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is over now: what still fires pages. One that has yet to begin is cancelled; 409 once it is over."""
        end_or_cancel(maintenance=self.get_object(), by=asker(request))
        return Response(status=204)
