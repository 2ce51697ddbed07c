"""`integrations/`: senders we accept messages from. A secret is in the answer that makes it, and never again."""

from __future__ import annotations

import json
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.errors import Conflict
from notifications.idempotency import Idempotent
from notifications.models import Integration
from oncall import services
from oncall.api.base import Writers
from oncall.catalogue import match_all
from oncall.mapping import LONGEST_PATTERN, Rule, read_rules, said
from oncall.permissions import require_administrator
from oncall.requests import asker, read
from oncall.samples import send_sample
from oncall.services.integrations import live_secrets, urls


class MappingRuleSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="name, repository, tag, environment, job or label:<name>")
    pattern = serializers.CharField(help_text=f"A glob in any case of letters, {LONGEST_PATTERN} characters at most.")
    service = serializers.CharField(help_text="Slug of the service that is meant.")


class IntegrationSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    source = serializers.CharField(help_text="github, alertmanager, event, …")  # type: ignore[assignment]
    name = serializers.CharField()
    service = serializers.CharField(
        required=False, allow_blank=True, help_text="Slug: all it sends concerns this service, unless a rule says more."
    )
    mapping = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="The sender's names to our slugs."
    )
    rules = MappingRuleSerializer(
        many=True, required=False, help_text="Asked in this order after `mapping`; the first that fits decides."
    )
    url = serializers.SerializerMethodField(help_text="Where the sender posts.")
    created_at = serializers.DateTimeField(read_only=True)
    disabled_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_url(self, integration: Integration) -> str:
        return urls(integration)["url"]

    def to_representation(self, integration: Integration) -> dict[str, Any]:
        return {**super().to_representation(integration), "rules": integration.rules or []}


class IntegrationChangeSerializer(IntegrationSerializer):
    source = serializers.CharField(read_only=True)


class NewIntegrationSerializer(IntegrationSerializer):
    secret = serializers.CharField(read_only=True, help_text="Shown this once.")
    line_url = serializers.CharField(
        read_only=True, help_text="For `event`: where one line is enough, as in curl -d 'deployed 4f2a1c'."
    )


class TheirSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(required=False, max_length=200, help_text="PagerDuty and Sentry make their own.")


class LiveSecretSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")


class SaidSerializer(serializers.Serializer):
    name = serializers.CharField(required=False, allow_blank=True, help_text="What the sender calls the service.")
    repository = serializers.CharField(required=False, allow_blank=True)
    environment = serializers.CharField(required=False, allow_blank=True)
    job = serializers.CharField(required=False, allow_blank=True)
    labels = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False, help_text="Such as team:payments.")


class MatchSerializer(serializers.Serializer):
    service = serializers.CharField(allow_null=True, help_text="Slug; null where nobody knows.")
    by = serializers.CharField(help_text="mapping, rule, service, slug, name or repository; empty where nobody knows.")
    rule = serializers.IntegerField(allow_null=True, help_text="The number of the rule that decided, from 1.")


class TestedSerializer(serializers.Serializer):
    delivery = serializers.IntegerField(help_text="Its id among `deliveries/`, which tells what comes of it.")


class IntegrationView(Idempotent, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    permission_classes = [IsAuthenticated, Writers]
    queryset = Integration.objects.all()
    serializer_class = IntegrationSerializer
    filterset_fields = ["source"]
    lookup_value_regex = r"\d{1,18}"
    writer = staticmethod(require_administrator)

    @extend_schema(responses={201: NewIntegrationSerializer})
    def create(self, request: Request) -> Response:
        integration, secret = services.create_integration(
            **_with_rules(read(IntegrationSerializer, request)), by=asker(request)
        )
        return self._with_secret(integration, secret)

    @extend_schema(request=IntegrationChangeSerializer(partial=True), responses={200: IntegrationSerializer})
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is given is changed; `mapping` and `rules` are given whole. What waits is looked at again."""
        given = IntegrationChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        fields = _with_rules(dict(given.validated_data))
        return self._shown(services.update_integration(integration=self.get_object(), **fields, by=asker(request)))

    @extend_schema(responses={204: None}, description="Its address answers 404 from now on; what it sent is kept.")
    def destroy(self, request: Request, pk: str) -> Response:
        services.disable_integration(integration=self.get_object(), by=asker(request))
        return Response(status=204)

    @extend_schema(request=None, responses={200: IntegrationSerializer})
    @action(detail=True, methods=["post"])
    def disable(self, request: Request, pk: str) -> Response:
        """Its address answers 404 from now on; what it sent is kept."""
        return self._shown(services.disable_integration(integration=self.get_object(), by=asker(request)))

    @extend_schema(request=None, responses={200: IntegrationSerializer})
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, pk: str) -> Response:
        """Its address takes messages again, with the secrets that were live."""
        return self._shown(services.enable_integration(integration=self.get_object(), by=asker(request)))

    @extend_schema(request=TheirSecretSerializer, responses={201: NewIntegrationSerializer})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A second secret beside the first, which is good until it is retired: made here, or given where the sender
        makes its own. 409 where two are live."""
        integration, given = self.get_object(), TheirSecretSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        secret = services.rotate_secret(integration=integration, by=asker(request), **given.validated_data)
        return self._with_secret(integration, secret)

    @extend_schema(responses={200: LiveSecretSerializer(many=True)})
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def secrets(self, request: Request, pk: str) -> Response:
        """Those that are live, the oldest first, and when each was used last."""
        return Response(LiveSecretSerializer(live_secrets(self.get_object()), many=True).data)

    @extend_schema(request=None, responses={200: LiveSecretSerializer(many=True)})
    @action(detail=True, methods=["post"], url_path=r"secrets/(?P<secret>\d{1,18})/retire", url_name="retire")
    def retire(self, request: Request, pk: str, secret: str) -> Response:
        """What is signed with it is refused from now on; answers those that are live. 409 for the last one."""
        integration = self.get_object()
        found = get_object_or_404(integration.secrets, pk=secret)
        services.retire_secret(secret=found, by=asker(request))
        return Response(LiveSecretSerializer(live_secrets(integration), many=True).data)

    @extend_schema(request=SaidSerializer, responses={200: MatchSerializer})
    @action(detail=True, methods=["post"])
    def match(self, request: Request, pk: str) -> Response:
        """What would this say? Which service is meant, and by which rule. Nothing is changed."""
        integration = self.get_object()
        rules = read_rules(integration.rules)
        [found] = match_all([said(**read(SaidSerializer, request))], integration, rules)
        number = rules.index(found.rule) + 1 if found.rule else None
        return Response({"service": found.service and found.service.slug, "by": found.by, "rule": number})

    @extend_schema(request=None, responses={202: TestedSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """A harmless sample goes through the intake, signed as the sender signs."""
        answer = send_sample(self.get_object())
        told = json.loads(answer.content)
        if answer.status_code != 202:
            raise Conflict(f"The intake answered {answer.status_code}: {told['detail']}")
        return Response({"delivery": told["id"]}, status=202)

    def _shown(self, integration: Integration) -> Response:
        return Response(IntegrationSerializer(integration).data)

    def _with_secret(self, integration: Integration, secret: str) -> Response:
        answer: dict[str, Any] = IntegrationSerializer(integration).data | {"secret": secret}
        if line := urls(integration, secret).get("line"):
            answer["line_url"] = line
        return Response(answer, status=201)


def _with_rules(fields: dict[str, Any]) -> dict[str, Any]:
    if "rules" in fields:
        fields["rules"] = [Rule(**rule) for rule in fields["rules"]]
    return fields
