"""`integrations/{id}/deliveries/`: what a sender sent, for administrators; and processing it again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications import inbox
from notifications.idempotency import Idempotent
from notifications.models import InboundMessage, Integration
from oncall.api.base import Administrators
from oncall.delivered import described


class DeliverySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField(help_text="The sender's own id of it, or one made of what it tells.")
    received_at = serializers.DateTimeField()
    state = serializers.ChoiceField(InboundMessage.State.choices)
    outcome = serializers.CharField(help_text="What came of it, in words.")
    attempts = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Of its body, in bytes.")


class OneDeliverySerializer(DeliverySerializer):
    headers = serializers.DictField(child=serializers.CharField(), help_text="Those that are kept, without secrets.")
    body = serializers.CharField(help_text="Pretty where it is JSON, without secrets, 64 KB at most; bytes in hex.")
    note = serializers.CharField(help_text="What of the body is not there.")
    events = serializers.ListField(child=serializers.DictField(), help_text="What it was read as.")
    unreadable = serializers.CharField(help_text="Why it cannot be read, if so.")


class ReplayedSerializer(serializers.Serializer):
    replayed = serializers.IntegerField()


class DeliveryFilter(django_filters.FilterSet):
    class Meta:
        model = InboundMessage
        fields = ["state"]


class DeliveryView(Idempotent, ListModelMixin, GenericViewSet):
    permission_classes = [IsAuthenticated, Administrators]
    queryset = InboundMessage.objects.order_by("-received_at", "-pk")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> Any:
        mine = super().get_queryset().filter(integration=self.kwargs["integration"])
        return mine.annotate(size=Length("body")).defer("body", "headers")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The newest first."""
        get_object_or_404(Integration, pk=kwargs["integration"])
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={200: OneDeliverySerializer})
    def retrieve(self, request: Request, integration: int, pk: str) -> Response:
        message = self.get_object()
        told = described(message)
        events = [
            {"kind": kind, **{name.replace(" ", "_"): value for name, value in fields}}
            for kind, fields in told["events"]
        ]
        body = {"body": told["body"].text, "note": told["body"].note, "headers": dict(told["headers"])}
        more = {**body, "events": events, "unreadable": told["unreadable"]}
        return Response(DeliverySerializer(message).data | more)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, integration: int, pk: str) -> Response:
        """It is processed again; what it said already has no second effect."""
        message = self.get_object()
        inbox.replay(message)
        return Response(DeliverySerializer(message).data, status=202)

    @extend_schema(request=None, responses={202: ReplayedSerializer}, filters=False)
    @action(detail=False, methods=["post"], url_path="replay-failed", pagination_class=None)
    def replay_failed(self, request: Request, integration: int) -> Response:
        """All that failed are processed again."""
        count = inbox.replay_failed(get_object_or_404(Integration, pk=integration))
        return Response({"replayed": count}, status=202)
