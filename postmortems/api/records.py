"""What the API answers about actions, problems and articles, about searches and about wording."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.fields import Moment
from postmortems import action_lifecycle, problem_lifecycle
from postmortems.api.serializers import WORDS, Address, Numbers
from postmortems.models import Action, Article, Postmortem, Problem


@extend_schema_field(WORDS)
class Slugs(serializers.ReadOnlyField):
    """Services by slug."""

    def to_representation(self, value: Any) -> list[str]:
        return [service.slug for service in value.all()]


class ActionSerializer(Answer):
    owner = IncidentPersonSerializer(allow_null=True)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    postmortem = serializers.SerializerMethodField()
    allowed_transitions = serializers.SerializerMethodField()

    class Meta:
        model = Action
        fields = ["number", "title", "kind", "priority", "state", "owner", "team", "due_on", "reason", "url"]
        fields += ["postmortem", "created_at", "done_at", "allowed_transitions"]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_postmortem(self, action: Action) -> int | None:
        """An action is visible only where its post-mortem is."""
        return action.postmortem.number if action.postmortem else None

    @extend_schema_field(WORDS)
    def get_allowed_transitions(self, action: Action) -> list[str]:
        return list(action_lifecycle.allowed(action.state))


class ProblemSerializer(Answer):
    priority = serializers.IntegerField(help_text="1, the most pressing, to 5: impact by urgency.")
    owner = IncidentPersonSerializer(allow_null=True)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    services = Slugs()
    is_known_error = serializers.BooleanField()
    url = Address()

    class Meta:
        model = Problem
        fields = ["number", "title", "statement", "status", "outcome", "origin", "impact", "urgency", "priority"]
        fields += ["owner", "team", "services", "workaround", "cause_notes", "fix_notes", "is_known_error"]
        fields += ["known_error_at", "review_on", "created_at", "resolved_at", "url"]


class ProblemDetailSerializer(ProblemSerializer):
    incidents = Numbers()
    postmortems = Numbers()
    actions = Numbers()
    articles = Numbers()
    changes = serializers.SerializerMethodField(help_text="Changes that fix it, by id.")
    duplicate_of = serializers.SerializerMethodField()
    allowed_transitions = serializers.SerializerMethodField()

    class Meta(ProblemSerializer.Meta):
        fields = [*ProblemSerializer.Meta.fields, "incidents", "postmortems", "actions", "articles", "changes"]
        fields += ["duplicate_of", "allowed_transitions"]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_changes(self, problem: Problem) -> list[int]:
        return list(problem.changes.order_by("pk").values_list("pk", flat=True))

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_duplicate_of(self, problem: Problem) -> int | None:
        visible = Problem.objects.visible_to(self.context["request"].user).filter(duplicates=problem)
        return visible.values_list("number", flat=True).first()

    @extend_schema_field(WORDS)
    def get_allowed_transitions(self, problem: Problem) -> list[str]:
        return list(problem_lifecycle.allowed(problem.status))


class ArticleSerializer(Answer):
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    services = Slugs()
    uses = serializers.IntegerField(source="uses_count", help_text="Incidents it helped in.")
    url = Address()

    class Meta:
        model = Article
        fields = ["number", "kind", "title", "issue", "environment", "resolution", "cause", "confidence", "audience"]
        fields += ["team", "review_on", "services", "uses", "created_at", "updated_at", "url"]


class ArticleDetailSerializer(ArticleSerializer):
    problems = Numbers()
    postmortems = Numbers()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "problems", "postmortems"]


class UseAnswerSerializer(serializers.Serializer):
    article = serializers.IntegerField(source="article.number")
    incident = serializers.IntegerField(source="incident.number")
    at = Moment()


class SimilarIncidentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    severity = serializers.CharField()
    services = Slugs()
    started_at = Moment()
    resolved_at = Moment(allow_null=True)
    postmortems = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_postmortems(self, incident: Any) -> list[int]:
        visible = Postmortem.objects.visible_to(self.context["request"].user).filter(incidents=incident)
        return list(visible.order_by("number").values_list("number", flat=True))


class SeenBeforeSerializer(serializers.Serializer):
    known_errors = ProblemSerializer(many=True)
    incidents = SimilarIncidentSerializer(many=True)
    articles = ArticleSerializer(many=True)


class FindingSerializer(serializers.Serializer):
    start = serializers.IntegerField(help_text="In code points of the text.")
    end = serializers.IntegerField()
    category = serializers.CharField()
    text = serializers.CharField()
    why = serializers.CharField()
    ask = serializers.CharField()


class FindingsSerializer(serializers.Serializer):
    findings = FindingSerializer(many=True)


class HitSerializer(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]
    title = serializers.CharField()
    url = serializers.CharField()
    text = serializers.CharField()
    at = Moment(allow_null=True)
    snippet = serializers.CharField(help_text="Safe HTML: what stands around the match, with it in <mark>.")


class SearchSerializer(serializers.Serializer):
    """By kind; kinds with nothing are left out."""

    incidents = HitSerializer(many=True, required=False)
    postmortems = HitSerializer(many=True, required=False)
    problems = HitSerializer(many=True, required=False)
    articles = HitSerializer(many=True, required=False)
    actions = HitSerializer(many=True, required=False)
    services = HitSerializer(many=True, required=False)
    changes = HitSerializer(many=True, required=False)
