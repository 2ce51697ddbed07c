"""`webhooks/`: outgoing subscriptions, for administrators. A secret is in the answer that makes it, and never again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.fields import Moment
from notifications.filters import MomentFilter
from notifications.idempotency import Idempotent
from notifications.models import Webhook, WebhookMessage
from notifications.outgoing.envelope import webhook_id_of
from notifications.outgoing.published import event_id
from oncall.api.base import Administrators
from oncall.requests import asker, read
from oncall.services import webhooks as services


class WebhookSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField()
    url = serializers.CharField(help_text="Where messages are posted, signed as standardwebhooks.com says.")
    events = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Types such as `incident.declared`, or families such as `page.*`; none is all of them.",
    )
    secrets = serializers.SerializerMethodField(help_text="How many secrets sign: 2 while one is changed over.")
    created_at = serializers.DateTimeField(read_only=True)
    failing_since = serializers.DateTimeField(read_only=True, allow_null=True)
    disabled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    disabled_why = serializers.CharField(read_only=True)

    def get_secrets(self, webhook: Webhook) -> int:
        return 2 if webhook.former_secret else 1


class WebhookChangeSerializer(WebhookSerializer):
    enabled = serializers.BooleanField(required=False, write_only=True, help_text="False disables it, true enables it.")


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text="`whsec_…`, shown this once.")


class SecretSerializer(serializers.Serializer):
    secret = serializers.CharField(read_only=True, help_text="`whsec_…`, shown this once; the former one signs too.")


class TrySerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="Null where no answer came.")
    took = serializers.FloatField(help_text="Seconds.")
    error = serializers.CharField(allow_blank=True)
    answer = serializers.CharField(allow_blank=True, help_text="Its beginning.")


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    webhook_id = serializers.SerializerMethodField(help_text="The header `webhook-id`, the same in every attempt.")
    event = serializers.SerializerMethodField(help_text="As in `events/`; null for a test.")
    type = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=WebhookMessage.State.choices, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    next_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="When it is tried again.")
    tries = TrySerializer(many=True, read_only=True)

    def get_webhook_id(self, message: WebhookMessage) -> str:
        return webhook_id_of(message.pk)

    def get_event(self, message: WebhookMessage) -> str | None:
        return event_id(message.event_id) if message.event_id else None


class ReplaySerializer(serializers.Serializer):
    since = Moment(required=False, help_text="A week ago, where it is left out.")


class CountSerializer(serializers.Serializer):
    replayed = serializers.IntegerField(read_only=True)


class MessageFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=WebhookMessage.State.choices)
    type = django_filters.CharFilter()
    since = MomentFilter(field_name="created_at", lookup_expr="gte")


class WebhookView(Idempotent, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """Who is told of what; for administrators."""

    permission_classes = [IsAuthenticated, Administrators]
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    lookup_value_regex = r"\d{1,9}"

    @extend_schema(responses={201: NewWebhookSerializer})
    def create(self, request: Request) -> Response:
        webhook, secret = services.create_webhook(**read(WebhookSerializer, request), by=asker(request))
        return Response(WebhookSerializer(webhook).data | {"secret": secret}, status=201)

    @extend_schema(request=WebhookChangeSerializer(partial=True), responses=WebhookSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        given = WebhookChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(given.validated_data)
        enabled = fields.pop("enabled", None)
        webhook = self.get_object()
        if fields:
            webhook = services.change_webhook(webhook=webhook, **fields, by=asker(request))
        if enabled is not None:
            switch = services.enable_webhook if enabled else services.disable_webhook
            webhook = switch(webhook=webhook, by=asker(request))
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        services.delete_webhook(webhook=self.get_object(), by=asker(request))
        return Response(status=204)

    @extend_schema(request=None, responses={201: SecretSerializer})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new secret; both sign until the former one is retired. 409 where two sign already."""
        return Response({"secret": services.rotate_webhook(webhook=self.get_object(), by=asker(request))}, status=201)

    @extend_schema(request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"], url_path="retire-former")
    def retire_former(self, request: Request, pk: str) -> Response:
        """The new secret signs alone."""
        webhook = services.retire_former_secret(webhook=self.get_object(), by=asker(request))
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(request=None, responses={202: MessageSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """A message of the type `webhook.test` is on its way; see `messages/` for what came of it."""
        message = services.test_webhook(webhook=self.get_object(), by=asker(request))
        return Response(MessageSerializer(message).data, status=202)

    @extend_schema(request=ReplaySerializer, responses={202: CountSerializer})
    @action(detail=True, methods=["post"], url_path="replay-failed")
    def replay_failed(self, request: Request, pk: str) -> Response:
        """All that failed since a moment is sent again."""
        given = read(ReplaySerializer, request)
        count = services.replay_failed(webhook=self.get_object(), **given, by=asker(request))
        return Response({"replayed": count}, status=202)


class WebhookMessageView(Idempotent, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The log of one webhook, the newest first: every attempt, for 30 days."""

    permission_classes = [IsAuthenticated, Administrators]
    queryset = WebhookMessage.objects.none()
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    lookup_url_kwarg = "message"

    def get_queryset(self) -> Any:
        webhook = get_object_or_404(Webhook, pk=self.kwargs["webhook"])
        return webhook.messages.defer("body").order_by("-created_at", "-pk")

    @extend_schema(request=None, responses={202: MessageSerializer})
    def replay(self, request: Request, **kwargs: Any) -> Response:
        """It is sent again, under the same `webhook-id`."""
        message = get_object_or_404(
            WebhookMessage.objects.select_related("webhook"), pk=kwargs["message"], webhook=kwargs["webhook"]
        )
        services.replay_message(message=message, by=asker(request))
        return Response(MessageSerializer(message).data, status=202)
