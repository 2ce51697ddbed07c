"""`integrations/`: senders we accept messages from. A secret is in the answer that makes it, and never again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.idempotency import Idempotent
from notifications.models import Integration
from oncall import services
from oncall.api.base import Writers
from oncall.permissions import require_administrator
from oncall.requests import asker
from oncall.services.integrations import urls


class IntegrationSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    source = serializers.CharField(help_text="github, alertmanager, event, …")  # type: ignore[assignment]
    name = serializers.CharField()
    service = serializers.CharField(
        required=False, allow_blank=True, help_text="Slug: all it sends concerns this service."
    )
    mapping = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="The sender's names to our slugs."
    )
    url = serializers.SerializerMethodField(help_text="Where the sender posts.")
    created_at = serializers.DateTimeField(read_only=True)
    disabled_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_url(self, integration: Integration) -> str:
        return urls(integration)["url"]


class NewIntegrationSerializer(IntegrationSerializer):
    secret = serializers.CharField(read_only=True, help_text="Shown this once.")
    line_url = serializers.CharField(
        read_only=True, help_text="For `event`: where one line is enough, as in curl -d 'deployed 4f2a1c'."
    )


class IntegrationView(Idempotent, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    permission_classes = [IsAuthenticated, Writers]
    queryset = Integration.objects.all()
    serializer_class = IntegrationSerializer
    filterset_fields = ["source"]
    writer = staticmethod(require_administrator)

    @extend_schema(responses={201: NewIntegrationSerializer})
    def create(self, request: Request) -> Response:
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        integration, secret = services.create_integration(**given.validated_data, by=asker(request))
        answer: dict[str, Any] = self.get_serializer(integration).data | {"secret": secret}
        if line := urls(integration, secret).get("line"):
            answer["line_url"] = line
        return Response(answer, status=201)

    @extend_schema(responses={204: None}, description="Its address answers 404 from now on; what it sent is kept.")
    def destroy(self, request: Request, pk: str) -> Response:
        services.disable_integration(integration=self.get_object(), by=asker(request))
        return Response(status=204)
