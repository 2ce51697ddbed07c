"""How alerts and their rules look to programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from oncall.models import Service
from telemetry.models import Alert
from telemetry.severity import Rule


class AlertSerializer(serializers.ModelSerializer):
    service = serializers.SlugRelatedField[Service](
        slug_field="slug", read_only=True, allow_null=True, help_text="Its slug; null where nobody knows the service."
    )

    class Meta:
        model = Alert
        fields = [
            "id", "name", "summary", "severity", "status", "service", "service_hint", "starts_at", "ends_at",
            "received_at", "held_at", "labels", "annotations", "release", "url", "fingerprint", "group_key",
        ]  # fmt: skip
        read_only_fields = fields


class RuleSerializer(serializers.Serializer):
    """Alerts that carry all of `labels` declare an incident of this severity; "" declares nothing."""

    labels = serializers.DictField(child=serializers.CharField(max_length=200), default=dict)
    incident_severity = serializers.CharField(allow_blank=True)

    def to_internal_value(self, data: Any) -> Rule:
        fields = super().to_internal_value(data)
        return Rule(fields["labels"], fields["incident_severity"])


class RulesSerializer(serializers.Serializer):
    """The first rule that fits decides. `default`: the service has no rules of its own, these are everybody's."""

    rules = RuleSerializer(many=True)
    default = serializers.BooleanField(read_only=True)
