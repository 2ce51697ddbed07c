"""What the API is told, and answers, about exercises: what players have seen, and after the end how it ended."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import Answer, IncidentPersonSerializer
from incidents.models import Incident
from notifications.fields import Moment
from postmortems.api.fields import Body, NumberField
from postmortems.api.serializers import Address
from postmortems.exercises import Replay
from postmortems.models import Exercise, ExerciseNote


class StartExerciseSerializer(serializers.Serializer):
    incident = NumberField(Incident, help_text="One that is resolved or closed.")


class NextStepSerializer(serializers.Serializer):
    seen = serializers.IntegerField(min_value=1, help_text="How many steps are shown now: asked twice, it is one step.")


class SayInExerciseSerializer(serializers.Serializer):
    text = Body()
    entry = serializers.IntegerField(required=False, help_text="At which step that was shown; the latest, if not told.")


class FindingsSerializer(serializers.Serializer):
    findings = Body()


class ExerciseSerializer(Answer):
    host = IncidentPersonSerializer()
    url = Address()

    class Meta:
        model = Exercise
        fields = ["number", "host", "created_at", "shown", "finished_at", "url"]


class ExerciseNoteSerializer(Answer):
    by = IncidentPersonSerializer()

    class Meta:
        model = ExerciseNote
        fields = ["id", "entry", "by", "text", "at"]


class ExerciseStepSerializer(serializers.Serializer):
    entry = serializers.IntegerField(source="step.key")
    at = Moment(source="step.at")
    known_at = Moment(source="step.known")
    kind = serializers.CharField(source="step.kind")
    text = serializers.CharField(source="step.text")
    notes = ExerciseNoteSerializer(many=True)


class LaterSerializer(serializers.Serializer):
    at = Moment()
    kind = serializers.CharField()
    text = serializers.CharField()


class ExerciseOutcomeSerializer(serializers.Serializer):
    incident = serializers.IntegerField(source="incident.number")
    title = serializers.CharField(source="incident.title")
    status = serializers.CharField(source="incident.status")
    severity = serializers.CharField(source="incident.severity")
    resolved_at = Moment(source="incident.resolved_at", allow_null=True)
    postmortems = serializers.SerializerMethodField()
    rest = LaterSerializer(many=True, help_text="What came after the last step that was shown.")

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_postmortems(self, replay: Replay) -> list[int]:
        return [postmortem.number for postmortem in replay.postmortems]


class ExerciseDetailSerializer(ExerciseSerializer):
    title = serializers.SerializerMethodField(help_text="As it was declared.")
    severity = serializers.SerializerMethodField(help_text="As it was declared.")
    steps = serializers.SerializerMethodField(help_text="Those shown so far.")
    outcome = serializers.SerializerMethodField(help_text="Null until it is shown.")

    class Meta(ExerciseSerializer.Meta):
        fields = [*ExerciseSerializer.Meta.fields, "title", "severity", "steps", "findings", "outcome"]

    def to_representation(self, instance: Exercise) -> Any:
        self.replay = Replay(instance, self.context["request"].user)
        return super().to_representation(instance)

    def get_title(self, exercise: Exercise) -> str:
        return self.replay.title

    def get_severity(self, exercise: Exercise) -> str:
        return self.replay.severity

    @extend_schema_field(ExerciseStepSerializer(many=True))
    def get_steps(self, exercise: Exercise) -> Any:
        return ExerciseStepSerializer(self.replay.shown, many=True).data

    @extend_schema_field(ExerciseOutcomeSerializer(allow_null=True))
    def get_outcome(self, exercise: Exercise) -> Any:
        return ExerciseOutcomeSerializer(self.replay).data if self.replay.finished else None
