"""What the API is told, and answers, about the timeline of a post-mortem."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import TimelineEntrySerializer
from incidents.models import Incident, TimelineEntry
from notifications.fields import Moment
from notifications.links import absolute
from postmortems.api.fields import Body, NumberField
from postmortems.evidence import Link
from postmortems.models import CuratedEntry


class StandsSerializer(serializers.Serializer):
    """How a moment stands in the timeline."""

    phase = serializers.ChoiceField(CuratedEntry.Phase.choices, required=False)
    how_it_looked = Body(required=False)
    key_moment = serializers.BooleanField(required=False)


class CurateSerializer(StandsSerializer):
    entry = NumberField(TimelineEntry, by="pk", help_text="The id of the timeline entry.")


class CurateManySerializer(StandsSerializer):
    entries = NumberField(TimelineEntry, by="pk", many=True, allow_empty=False, help_text="Ids of timeline entries.")


class EditMomentSerializer(StandsSerializer):
    at = serializers.DateTimeField(required=False, help_text="When it happened.")
    text = Body(required=False)


class AddMomentSerializer(StandsSerializer):
    at = serializers.DateTimeField(help_text="When it happened.")
    text = Body()
    incident = NumberField(
        Incident, required=False, allow_null=True, help_text="Whose timeline has it; needed where there are several."
    )


class EvidenceSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, link: Link) -> str:
        return absolute(link.url)


class MomentSerializer(serializers.Serializer):
    """`entry`: the incident's, as it stands there; null for a moment of the post-mortem's own, whose id is `own`."""

    entry = TimelineEntrySerializer(source="picked.entry", allow_null=True)
    own = serializers.IntegerField(allow_null=True)
    incident = serializers.IntegerField(source="incident.number", allow_null=True)
    at = Moment()
    recorded_at = Moment()
    kind = serializers.CharField()
    text = serializers.CharField()
    phase = serializers.ChoiceField(CuratedEntry.Phase.choices)
    key_moment = serializers.BooleanField()
    how_it_looked = serializers.CharField()
    evidence = EvidenceSerializer(many=True)
