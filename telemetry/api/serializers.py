"""How alerts and their rules look to programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from oncall.models import Service
from telemetry.models import Alert, AlertRule
from telemetry.severity import URGENCIES, Rule


class AlertSerializer(serializers.ModelSerializer):
    service = serializers.SlugRelatedField[Service](
        slug_field="slug", read_only=True, allow_null=True, help_text="Its slug; null where nobody knows the service."
    )

    class Meta:
        model = Alert
        fields = [
            "id", "name", "summary", "severity", "status", "service", "service_hint", "starts_at", "ends_at",
            "received_at", "held_at", "flapping_since", "outcome", "page", "labels", "annotations", "release", "url",
            "fingerprint", "group_key",
        ]  # fmt: skip
        read_only_fields = fields


class RuleSerializer(serializers.Serializer):
    """What is done about alerts that carry all of `labels`.

    A value is a glob (`check*`), or several with `|` between. `declare`: an incident of `incident_severity`, "" for
    none; `page`: the service, with `urgency`; `attach`: no more than to join an open incident.
    """

    labels = serializers.DictField(child=serializers.CharField(max_length=200), default=dict)
    action = serializers.ChoiceField(choices=AlertRule.Action.choices, default="declare")
    incident_severity = serializers.CharField(allow_blank=True, default="")
    urgency = serializers.ChoiceField(choices=URGENCIES, default="high")

    def to_internal_value(self, data: Any) -> Rule:
        fields = super().to_internal_value(data)
        return Rule(fields["labels"], fields["incident_severity"], fields["action"], fields["urgency"])


class RulesSerializer(serializers.Serializer):
    """The first rule that fits decides. `default`: the service has no rules of its own, these are everybody's."""

    rules = RuleSerializer(many=True)
    default = serializers.BooleanField(read_only=True)
