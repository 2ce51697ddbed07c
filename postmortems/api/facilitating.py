"""What the API is told and answers about facilitation: people, the meeting, interviews, whom to ask."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.fields import PersonField
from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.fields import Moment
from notifications.links import absolute
from postmortems.api.fields import Body, NumberField
from postmortems.facilitating.meeting import LONGEST, SHORTEST
from postmortems.models import InterviewNote, Invitation, Postmortem, Problem

SIDES = ["dev", "ops", "other"]


class InviteSerializer(serializers.Serializer):
    person = PersonField()
    side = serializers.ChoiceField(
        SIDES, required=False, allow_blank=True, default="", help_text="Left out, that of their team."
    )


class MeetingInputSerializer(serializers.Serializer):
    at = Moment(help_text="Ahead, and within a year.")
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=60)
    place = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="A room, or a web address."
    )


class SoakInputSerializer(serializers.Serializer):
    until = serializers.DateField(allow_null=True, help_text="Actions are agreed on from this day on; null ends it.")


class WriteInterviewSerializer(serializers.Serializer):
    body = Body(help_text="Markdown.")
    person = PersonField(required=False, allow_null=True, default=None, help_text="Who told it; may stay unnamed.")


class EditInterviewSerializer(serializers.Serializer):
    body = Body(required=False)
    person = PersonField(required=False, allow_null=True)


class InsteadSerializer(serializers.Serializer):
    person = PersonField()


class LinkFactorSerializer(serializers.Serializer):
    problem = NumberField(Problem)


class InvitedSerializer(Answer):
    person = IncidentPersonSerializer()

    class Meta:
        model = Invitation
        fields = ["id", "person", "side", "at"]


class InterviewSerializer(Answer):
    by = IncidentPersonSerializer()
    person = IncidentPersonSerializer(allow_null=True)

    class Meta:
        model = InterviewNote
        fields = ["id", "by", "person", "body", "at", "edited_at", "released_at"]


class AgendaItemSerializer(serializers.Serializer):
    text = serializers.CharField()
    anchor = serializers.CharField(help_text="Where it stands on the post-mortem's page.")


class PointSerializer(serializers.Serializer):
    title = serializers.CharField()
    items = AgendaItemSerializer(many=True)
    left_out = serializers.IntegerField(help_text="How many more of its kind there are.")


class MeetingSerializer(serializers.Serializer):
    """`at` is null while no meeting is set; `agenda` is made from what is open."""

    at = Moment(source="meeting_at", allow_null=True)
    minutes = serializers.IntegerField(source="meeting_minutes")
    place = serializers.CharField(source="meeting_place")
    sequence = serializers.IntegerField(source="meeting_sequence")
    due_at = Moment(allow_null=True)
    soak_until = serializers.DateField(allow_null=True)
    calendar = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField(help_text="What speaks against this time, in words.")
    agenda = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_calendar(self, postmortem: Postmortem) -> str:
        return absolute(f"/api/v1/postmortems/{postmortem.number}/meeting.ics")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_warnings(self, postmortem: Postmortem) -> list[str]:
        return list(self.context["warnings"])

    @extend_schema_field(PointSerializer(many=True))
    def get_agenda(self, postmortem: Postmortem) -> Any:
        return PointSerializer(self.context["agenda"], many=True).data


class SuggestedSerializer(serializers.Serializer):
    person = IncidentPersonSerializer()
    why = serializers.CharField()


class ProposedSerializer(SuggestedSerializer):
    side = serializers.ChoiceField(SIDES)


class RemainingSerializer(serializers.Serializer):
    """A contributing factor that is not removed yet, and the problems that could see to it."""

    id = serializers.IntegerField(source="finding.pk")
    factor = serializers.CharField(source="finding.factor.key")
    name = serializers.CharField(source="finding.factor.name")
    problems = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_problems(self, remaining: Any) -> list[int]:
        return [problem.number for problem in remaining.problems]


class ReviewersSerializer(serializers.Serializer):
    dev = IncidentPersonSerializer(many=True)
    ops = IncidentPersonSerializer(many=True)


class SuggestionsSerializer(serializers.Serializer):
    facilitators = SuggestedSerializer(many=True, help_text="The best first.")
    participants = ProposedSerializer(many=True)
    missing_sides = serializers.ListField(child=serializers.CharField(), help_text="Of dev and ops: nobody invited.")
    reviewers = ReviewersSerializer()
    not_removed = RemainingSerializer(many=True)
