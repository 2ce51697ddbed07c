"""What the API of incidents is told. The services check what it means."""

from __future__ import annotations

from rest_framework import serializers

from incidents import lifecycle
from incidents.api.fields import PersonField, ServiceField
from incidents.models import Verdict
from incidents.models.incident import Severity
from incidents.models.work import Role
from incidents.services.updates import NOTE_KINDS
from notifications.fields import Moment

MOVES = [*lifecycle.STATUSES, "reopened"]


class DeclareSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    severity = serializers.ChoiceField(Severity.choices, default=Severity.SEV3)
    services = ServiceField(many=True, required=False, default=list)
    summary = serializers.CharField(required=False, allow_blank=True, default="")
    started_at = Moment(required=False, allow_null=True, default=None)
    detected_at = Moment(required=False, allow_null=True, default=None)
    practice = serializers.BooleanField(default=False)
    private = serializers.BooleanField(default=False)
    dedup_key = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class EditSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(allow_blank=True, required=False)
    severity = serializers.ChoiceField(Severity.choices, required=False)
    private = serializers.BooleanField(required=False)
    started_at = Moment(required=False)
    detected_at = Moment(required=False)


class TransitionSerializer(serializers.Serializer):
    to = serializers.ChoiceField(MOVES)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    at = Moment(required=False, allow_null=True, default=None)


class NoteSerializer(serializers.Serializer):
    text = serializers.CharField()
    at = Moment(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(NOTE_KINDS, default="note")
    source = serializers.CharField(max_length=20, default="api")  # type: ignore[assignment]
    data = serializers.DictField(required=False, default=dict)  # type: ignore[assignment]


class RoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(Role.choices)
    person = PersonField(allow_null=True, help_text="E-mail address; null lays the role down.")


class PostUpdateSerializer(serializers.Serializer):
    text = serializers.CharField()
    next_due_in = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Minutes; left out, as the severity asks."
    )


class AddTaskSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    assignee = PersonField(required=False, allow_null=True, default=None)


class AffectedSerializer(serializers.Serializer):
    service = ServiceField()


class AddPersonSerializer(serializers.Serializer):
    person = PersonField()
    side = serializers.CharField(required=False, allow_blank=True, max_length=30, default="")


class MergeSerializer(serializers.Serializer):
    into = serializers.IntegerField(min_value=1, help_text="The number of the incident that goes on.")


class VerdictSerializer(serializers.Serializer):
    verdict = serializers.ChoiceField(Verdict.Answer.choices)
