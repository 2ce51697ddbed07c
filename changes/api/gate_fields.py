"""Questions to the gate and its answers, as programs see them."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from changes.models import Change, GateCheck, GateVerdict
from notifications.links import absolute


class QuestionSerializer(serializers.Serializer):
    """What is to be changed. Whatever is not known here makes the decision `invalid`, and the reasons say so."""

    service = serializers.CharField(max_length=200, help_text="Its slug or name, or one of its repositories.")
    environment = serializers.CharField(
        max_length=60, required=False, allow_blank=True, help_text="Unsaid: where the service serves its users."
    )
    revision = serializers.CharField(max_length=100, required=False, allow_blank=True)
    kind = serializers.CharField(
        max_length=20, required=False, help_text=f"One of {', '.join(Change.Kind.values)}; unsaid: deploy."
    )
    actor = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Who makes the change; unsaid: you."
    )
    pipeline_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    incident = serializers.IntegerField(required=False, allow_null=True, help_text="The number of the one it is for.")
    rollback = serializers.BooleanField(required=False)
    emergency = serializers.BooleanField(required=False)
    paths = serializers.ListField(
        child=serializers.CharField(max_length=500),
        required=False,
        max_length=3000,
        help_text="The files it touches; those that pushes tell of are added.",
    )
    repository = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="As owner/name.")
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)

    def validate_paths(self, paths: list[str]) -> tuple[str, ...]:
        return tuple(paths)


class WhySerializer(serializers.Serializer):
    why = serializers.CharField(
        max_length=2_000,
        required=False,
        allow_blank=True,
        default="",
        help_text="In words; an authorisation needs none.",
    )


class GateVerdictSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by_name", read_only=True)

    class Meta:
        model = GateVerdict
        fields = ["kind", "side", "by", "why", "at"]
        read_only_fields = fields


class AwaitedSerializer(serializers.Serializer):
    """Who may authorise: `side` dev or ops, or "" where it is a team."""

    side = serializers.CharField()
    team = serializers.CharField(help_text="Its slug; empty where the service names none.")
    name = serializers.CharField()


class AnswerSerializer(serializers.ModelSerializer):
    """A check, as it stands at this moment."""

    service = serializers.SerializerMethodField(help_text="Its slug; what was asked for, where nobody knows it.")
    decision = serializers.ChoiceField(choices=GateCheck.Decision.choices, source="decision_now", read_only=True)
    reasons = serializers.SerializerMethodField(help_text="Sentences; the rule that decided comes first.")
    rules = serializers.SerializerMethodField(help_text="The rules of the reasons, in their order.")
    url = serializers.SerializerMethodField(help_text="The page where people see it, and authorise it.")
    awaits = AwaitedSerializer(many=True, read_only=True)
    template = serializers.CharField(source="template.name", read_only=True, allow_null=True, default=None)
    freeze = serializers.CharField(source="freeze.name", read_only=True, allow_null=True, default=None)
    change = serializers.IntegerField(source="change_id", read_only=True, allow_null=True)
    verdicts = GateVerdictSerializer(many=True, read_only=True)

    class Meta:
        model = GateCheck
        fields = [
            "id", "decision", "rule", "reasons", "rules", "url", "retry_after", "expires_at", "awaits", "service",
            "environment", "revision", "kind", "actor", "pipeline_url", "incident", "rollback", "emergency", "paths",
            "repository", "description", "asked_at", "decided_at", "review_due_at", "template", "freeze", "change",
            "verdicts",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_service(self, check: GateCheck) -> str:
        return check.service.slug if check.service else check.service_hint

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_reasons(self, check: GateCheck) -> list[str]:
        over = check.decision != check.decision_now
        ended = ["Nobody authorised it in time; ask again if it is still wanted."] if over else []
        return [*ended, *(reason["text"] for reason in check.reasons)]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_rules(self, check: GateCheck) -> list[str]:
        return [reason["rule"] for reason in check.reasons]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, check: GateCheck) -> str:
        return absolute(check.get_absolute_url())
