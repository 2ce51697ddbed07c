"""`heartbeats/`: addresses that jobs call, whose silence is an alert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from notifications.errors import InvalidInput
from notifications.idempotency import Idempotent
from oncall.api.base import Visible, Writers
from oncall.api.fields import Minutes, NameOf
from oncall.models import Person, Service
from oncall.requests import asker
from oncall.services.findings import Findings
from telemetry import heartbeats
from telemetry.heartbeats.alerting import leads_to
from telemetry.models import Heartbeat
from telemetry.querysets import HeartbeatQuerySet


class HeartbeatSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    service = NameOf(help_text="Slug of the service whose job calls; fixed once it is made.")
    name = serializers.CharField(max_length=100)
    every = Minutes(help_text="Minutes, or an ISO 8601 duration: 1 minute to 30 days.")
    grace = Minutes(required=False, help_text="How late a call may be, likewise; 1 minute if left out.")
    severity = serializers.CharField(
        required=False, max_length=60, help_text="The label of its alert, by which the service's rules decide."
    )
    declares = serializers.SerializerMethodField(
        help_text="The severity of the incident its silence declares, or empty."
    )
    url = serializers.SerializerMethodField(help_text="What the job calls by GET, HEAD or POST; null for viewers.")
    state = serializers.ChoiceField(choices=Heartbeat.State.choices, read_only=True)
    last_at = serializers.DateTimeField(read_only=True, allow_null=True)
    due_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When the next call is expected; null while none is, or it is late."
    )
    missing_since = serializers.DateTimeField(read_only=True, allow_null=True)
    paused_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def get_declares(self, heartbeat: Heartbeat) -> str:
        return leads_to(heartbeat).declares

    def get_url(self, heartbeat: Heartbeat) -> str | None:
        return None if self.context["request"].user.role == Person.Role.VIEWER else heartbeat.url


class HeartbeatFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug")
    state = django_filters.ChoiceFilter(choices=Heartbeat.State.choices, method="in_state")

    def in_state(self, queryset: HeartbeatQuerySet, name: str, value: str) -> HeartbeatQuerySet:
        return queryset.in_state(value)


class HeartbeatView(Idempotent, Visible, ModelViewSet):
    permission_classes = [IsAuthenticated, Writers]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    queryset = Heartbeat.objects.select_related("service").prefetch_related("service__alert_rules")
    serializer_class = HeartbeatSerializer
    filterset_class = HeartbeatFilter

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        given = dict(serializer.validated_data)
        service = _service(given.pop("service", None))
        made = heartbeats.add_heartbeat(service=service, **_lengths(given), by=asker(self.request))
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        heartbeat: Any = serializer.instance
        given = dict(serializer.validated_data)
        if given.pop("service", heartbeat.service.slug) != heartbeat.service.slug:
            raise InvalidInput(service=f"It is of {heartbeat.service.slug}, which stays; make another for this one.")
        stands = {name: getattr(heartbeat, name) for name in ("name", "every", "grace", "severity")}
        fields = stands | _lengths(given)
        heartbeats.change_heartbeat(heartbeat=heartbeat, **fields, by=asker(self.request))
        serializer.instance = self.get_queryset().get(pk=heartbeat.pk)

    @extend_schema(description="Its address answers 404 from now on; an alert of it that fires is over.")
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        heartbeats.delete_heartbeat(heartbeat=self.get_object(), by=asker(request))
        return Response(status=204)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Nobody waits for it until it is resumed; its calls are still noted."""
        return self._shown(heartbeats.pause_heartbeat(heartbeat=self.get_object(), by=asker(request)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """It is waited for again, a whole period from now on."""
        return self._shown(heartbeats.resume_heartbeat(heartbeat=self.get_object(), by=asker(request)))

    def _shown(self, heartbeat: Heartbeat) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=heartbeat.pk)).data)


def _service(slug: str | None) -> Service:
    findings = Findings()
    found = findings.one("service", slug, Service.objects.all())
    if not slug:
        findings.add("service", "No service is named; give the slug of the one whose job calls.")
    findings.raise_if_any()
    assert found is not None, "it is there, or there are findings"  # noqa: S101
    return found


def _lengths(given: dict[str, Any]) -> dict[str, Any]:
    """With minutes as lengths of time. Raises InvalidInput for more than a computer can count."""
    found = dict(given)
    for name in ("every", "grace"):
        if name in given:
            try:
                found[name] = timedelta(minutes=given[name])
            except OverflowError:
                raise InvalidInput({name: [f"{given[name]} minutes do not do; give 30 days at most."]}) from None
    return found
