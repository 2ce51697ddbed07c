"""What the API answers about post-mortems. Links are told only as far as the asker may see what they lead to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.links import absolute
from postmortems import lifecycle
from postmortems.models import (
    Exemption,
    Factor,
    FactorFinding,
    Postmortem,
    Review,
    Section,
    SectionRevision,
    Template,
    TemplateSection,
)
from postmortems.services import missing

NUMBERS = serializers.ListField(child=serializers.IntegerField())
WORDS = serializers.ListField(child=serializers.CharField())


@extend_schema_field(OpenApiTypes.URI)
class Address(serializers.ReadOnlyField):
    """Where people find it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="get_absolute_url", **options)

    def to_representation(self, value: Any) -> str:
        return absolute(value)


@extend_schema_field(NUMBERS)
class Numbers(serializers.ReadOnlyField):
    """The numbers of related records that the asker may see."""

    def to_representation(self, value: Any) -> list[int]:
        visible = value.visible_to(self.context["request"].user)
        return list(visible.order_by("number").values_list("number", flat=True))


class SectionSerializer(Answer):
    class Meta:
        model = Section
        fields = ["key", "title", "questions", "body", "version", "updated_at"]


class SavedSectionSerializer(SectionSerializer):
    sign_offs_withdrawn = serializers.SerializerMethodField(help_text="Who signed the text as it was before.")

    class Meta(SectionSerializer.Meta):
        fields = [*SectionSerializer.Meta.fields, "sign_offs_withdrawn"]

    @extend_schema_field(WORDS)
    def get_sign_offs_withdrawn(self, section: Section) -> list[str]:
        return [person.email for person in self.context["withdrawn"]]


class RevisionSerializer(Answer):
    by = IncidentPersonSerializer(allow_null=True)

    class Meta:
        model = SectionRevision
        fields = ["version", "body", "by", "at"]


class FactorSerializer(Answer):
    class Meta:
        model = Factor
        fields = ["key", "name", "description"]


class FactorFindingSerializer(Answer):
    factor = serializers.CharField(source="factor.key")
    name = serializers.CharField(source="factor.name")

    class Meta:
        model = FactorFinding
        fields = ["id", "factor", "name", "kind", "note", "fixed_at"]


class ReviewSerializer(Answer):
    person = IncidentPersonSerializer()

    class Meta:
        model = Review
        fields = ["id", "person", "side", "asked_at", "signed_off_at", "note"]


class ExemptionSerializer(Answer):
    class Meta:
        model = Exemption
        fields = ["reason", "at"]


class TemplateSectionSerializer(Answer):
    class Meta:
        model = TemplateSection
        fields = ["key", "title", "questions"]


class TemplateSerializer(Answer):
    sections = TemplateSectionSerializer(many=True)

    class Meta:
        model = Template
        fields = ["slug", "name", "description", "sections"]


class PostmortemSerializer(Answer):
    template = serializers.CharField(source="template.slug")
    incidents = serializers.SerializerMethodField()
    services: Any = serializers.SlugRelatedField("slug", many=True, read_only=True, help_text="Of a near miss.")
    facilitator = IncidentPersonSerializer(allow_null=True)
    url = Address()

    class Meta:
        model = Postmortem
        fields = ["number", "title", "status", "template", "incidents", "services", "facilitator"]
        fields += ["opened_at", "due_at", "published_at", "imported_at", "source_url", "keywords", "url"]

    @extend_schema_field(NUMBERS)
    def get_incidents(self, postmortem: Postmortem) -> list[int]:
        return sorted(incident.number for incident in postmortem.incidents.all())


class PostmortemDetailSerializer(PostmortemSerializer):
    sections = SectionSerializer(many=True)
    factors = FactorFindingSerializer(many=True, source="findings")
    reviewers = ReviewSerializer(many=True, source="reviews")
    actions = Numbers()
    problems = Numbers()
    articles = Numbers()
    allowed_transitions = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(help_text="What publishing still waits for.")

    class Meta(PostmortemSerializer.Meta):
        fields = [*PostmortemSerializer.Meta.fields, "sections", "factors", "reviewers", "actions", "problems"]
        fields += ["articles", "allowed_transitions", "missing"]

    @extend_schema_field(WORDS)
    def get_allowed_transitions(self, postmortem: Postmortem) -> list[str]:
        return list(lifecycle.allowed(postmortem.status))

    @extend_schema_field(WORDS)
    def get_missing(self, postmortem: Postmortem) -> list[str]:
        return missing(postmortem)
