"""What the API answers about incidents."""

from __future__ import annotations

from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from changes.models import Change
from incidents import lifecycle
from incidents.alert_counts import count_alerts
from incidents.context import SuspectedChange
from incidents.models import Incident, Participant, RoleAssignment, Task, TimelineEntry, Update
from notifications.fields import Moment
from notifications.links import absolute
from oncall.models import Person, Service


class Answer(serializers.ModelSerializer):
    """Times in UTC, whoever asks."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {models.DateTimeField: Moment}


class IncidentPersonSerializer(Answer):
    class Meta:
        model = Person
        fields = ["name", "email"]


class IncidentServiceSerializer(Answer):
    class Meta:
        model = Service
        fields = ["slug", "name"]


class IncidentSerializer(Answer):
    services: serializers.SlugRelatedField[Service] = serializers.SlugRelatedField(
        slug_field="slug", many=True, read_only=True
    )
    roles = serializers.SerializerMethodField(help_text="Who holds which role now.")
    declared_by = IncidentPersonSerializer(allow_null=True)
    merged_into: serializers.SlugRelatedField[Incident] = serializers.SlugRelatedField(
        slug_field="number", read_only=True, allow_null=True
    )
    url = serializers.SerializerMethodField()

    class Meta:
        model = Incident
        fields = [
            "number",
            "title",
            "summary",
            "status",
            "severity",
            "services",
            "roles",
            "private",
            "practice",
            "source",
            "dedup_key",
            "declared_by",
            "declared_by_name",
            "merged_into",
            "started_at",
            "detected_at",
            "declared_at",
            "acknowledged_at",
            "mitigated_at",
            "resolved_at",
            "closed_at",
            "next_update_due_at",
            "url",
        ]

    @extend_schema_field(serializers.DictField(child=IncidentPersonSerializer()))
    def get_roles(self, incident: Incident) -> dict[str, Any]:
        held = (assignment for assignment in incident.roles.all() if assignment.until is None)
        return {one.role: IncidentPersonSerializer(one.person).data for one in held}

    @extend_schema_field(serializers.URLField())
    def get_url(self, incident: Incident) -> str:
        return absolute(incident.get_absolute_url())


class ParticipantSerializer(Answer):
    name = serializers.CharField(source="person.name")
    email = serializers.EmailField(source="person.email")

    class Meta:
        model = Participant
        fields = ["name", "email", "how", "side", "since"]


class AlertCountsSerializer(serializers.Serializer):
    total = serializers.IntegerField()
    firing = serializers.IntegerField()


class IncidentDetailSerializer(IncidentSerializer):
    participants = ParticipantSerializer(source="participant_set", many=True)
    allowed_transitions = serializers.SerializerMethodField()
    alerts = serializers.SerializerMethodField(help_text="How many; they are listed at `incidents/{number}/alerts/`.")

    class Meta(IncidentSerializer.Meta):
        fields = [*IncidentSerializer.Meta.fields, "participants", "allowed_transitions", "alerts"]

    @extend_schema_field(AlertCountsSerializer)
    def get_alerts(self, incident: Incident) -> dict[str, int]:
        return dict(AlertCountsSerializer(count_alerts(incident)).data)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed_transitions(self, incident: Incident) -> list[str]:
        return [] if incident.merged_into_id else list(lifecycle.allowed(incident.status))


class TimelineEntrySerializer(Answer):
    actor = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = ["id", "at", "recorded_at", "kind", "text", "source", "actor", "data"]

    @extend_schema_field(serializers.CharField())
    def get_actor(self, entry: TimelineEntry) -> str:
        return entry.actor.name if entry.actor else entry.actor_name


class RoleAssignmentSerializer(Answer):
    person = IncidentPersonSerializer()

    class Meta:
        model = RoleAssignment
        fields = ["role", "person", "since", "until"]


class UpdateSerializer(Answer):
    posted_by = IncidentPersonSerializer(allow_null=True)

    class Meta:
        model = Update
        fields = ["id", "text", "status", "posted_by", "at", "next_due_at"]


class TaskSerializer(Answer):
    assignee = IncidentPersonSerializer(allow_null=True)

    class Meta:
        model = Task
        fields = ["id", "title", "assignee", "created_at", "done_at"]


class SuspectedChangeDetailSerializer(Answer):
    service: serializers.SlugRelatedField[Service] = serializers.SlugRelatedField(
        slug_field="slug", read_only=True, allow_null=True
    )

    class Meta:
        model = Change
        fields = [
            "id",
            "key",
            "kind",
            "type",
            "service",
            "environment",
            "revision",
            "description",
            "state",
            "started_at",
            "finished_at",
            "url",
        ]


class SuspectReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(source="text")
    points = serializers.SerializerMethodField()

    @extend_schema_field(serializers.FloatField())
    def get_points(self, reason: Any) -> float:
        return round(reason.points, 1)


class SuspectSerializer(serializers.Serializer):
    change = SuspectedChangeDetailSerializer()
    rank = serializers.IntegerField()
    points = serializers.FloatField()
    reasons = SuspectReasonSerializer(many=True)
    verdict = serializers.SerializerMethodField(help_text="confirmed, rejected, or empty.")

    @extend_schema_field(serializers.CharField())
    def get_verdict(self, suspect: SuspectedChange) -> str:
        return suspect.verdict.verdict if suspect.verdict else ""
