"""How the ledger looks to programs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from changes.models import Change, LedgerEntry, LedgerSeal, State
from notifications.fields import Moment
from oncall.models import Service


class SealSerializer(serializers.ModelSerializer):
    class Meta:
        model = LedgerSeal
        fields = ["number", "digest"]
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer):
    seal = serializers.SerializerMethodField(help_text="Its place in the chain and its digest; null while it waits.")

    class Meta:
        model = LedgerEntry
        fields = ["id", "state", "at", "recorded_at", "actor", "why", "data", "seal"]
        read_only_fields = fields

    @extend_schema_field(SealSerializer(allow_null=True))
    def get_seal(self, entry: LedgerEntry) -> dict[str, Any] | None:
        seal = getattr(entry, "seal", None)
        return SealSerializer(seal).data if seal else None


class ChangeSerializer(serializers.ModelSerializer):
    service = serializers.SlugRelatedField[Service](
        slug_field="slug", read_only=True, allow_null=True, help_text="Its slug; null where nobody knows the service."
    )

    class Meta:
        model = Change
        fields = [
            "id", "service", "service_hint", "kind", "type", "environment", "revision", "ref", "repository", "state",
            "actor", "description", "url", "overridden", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class ChangeWithEntriesSerializer(ChangeSerializer):
    entries = EntrySerializer(many=True, read_only=True)

    class Meta(ChangeSerializer.Meta):
        fields = [*ChangeSerializer.Meta.fields, "entries"]
        read_only_fields = fields


class RecordSerializer(serializers.Serializer):
    """One step of a change; those with the same `external_id` are one change."""

    service = serializers.CharField(help_text="Slug of the service.")
    kind = serializers.ChoiceField(choices=Change.Kind.choices, default="deploy")
    type = serializers.ChoiceField(choices=Change.Type.choices, required=False, help_text="Unsaid: normal.")
    why = serializers.CharField(max_length=10_000, required=False, allow_blank=True, help_text="Why it was allowed.")
    state = serializers.ChoiceField(choices=State.choices, default="succeeded")
    environment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    revision = serializers.CharField(max_length=100, required=False, allow_blank=True)
    ref = serializers.CharField(max_length=200, required=False, allow_blank=True)
    repository = serializers.CharField(max_length=200, required=False, allow_blank=True)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    url = serializers.CharField(required=False, allow_blank=True)
    actor = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Unsaid: you.")
    at = Moment(required=False, help_text="When it happened; unsaid: now.")
    external_id = serializers.CharField(max_length=500, required=False, allow_blank=True)
