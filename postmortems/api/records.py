"""What the API answers about actions, problems and articles, about searches and about wording."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.fields import Moment
from postmortems import action_lifecycle, language
from postmortems.api.serializers import WORDS, Address, Numbers
from postmortems.models import Action, Article, ExternalIssue, Postmortem, Problem
from postmortems.problems import lifecycle as problem_lifecycle
from postmortems.problems.asks import asks
from postmortems.problems.harm import impact_of
from postmortems.problems.suggestions import Suggestion
from postmortems.reminders import next_reminder_of


@extend_schema_field(WORDS)
class Slugs(serializers.ReadOnlyField):
    """Services by slug."""

    def to_representation(self, value: Any) -> list[str]:
        return [service.slug for service in value.all()]


class FindingSerializer(serializers.Serializer):
    start = serializers.IntegerField(help_text="In code points of the text.")
    end = serializers.IntegerField()
    category = serializers.CharField()
    text = serializers.CharField()
    why = serializers.CharField()
    ask = serializers.CharField()


class FindingsSerializer(serializers.Serializer):
    findings = FindingSerializer(many=True)


class IssueSerializer(Answer):
    tracker = serializers.CharField(source="tracker.kind", allow_null=True, default=None)

    class Meta:
        model = ExternalIssue
        fields = ["tracker", "ref", "url", "title", "state", "status", "closed_by"]
        fields += ["seen_at", "linked_back_at", "error"]


class ActionSerializer(Answer):
    owner = IncidentPersonSerializer(allow_null=True)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    postmortem = serializers.SerializerMethodField()
    issue = serializers.SerializerMethodField(help_text="The issue at `url`, where a tracker of ours knows it.")
    next_reminder_on = serializers.SerializerMethodField(help_text="null once it is closed.")
    allowed_transitions = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField(help_text="What the coach asks about the wording of the title.")

    class Meta:
        model = Action
        fields = ["number", "title", "kind", "priority", "state", "owner", "team", "due_on", "reason", "url", "issue"]
        fields += ["postmortem", "section", "excerpt", "created_at", "done_at", "remind_every", "snoozed_until"]
        fields += ["reminded_on", "next_reminder_on", "allowed_transitions", "notes"]

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_postmortem(self, action: Action) -> int | None:
        """An action is visible only where its post-mortem is."""
        return action.postmortem.number if action.postmortem else None

    @extend_schema_field(IssueSerializer(allow_null=True))
    def get_issue(self, action: Action) -> Any:
        issue = getattr(action, "issue", None)
        return IssueSerializer(issue).data if issue else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_next_reminder_on(self, action: Action) -> date | None:
        return next_reminder_of(action)

    @extend_schema_field(WORDS)
    def get_allowed_transitions(self, action: Action) -> list[str]:
        return list(action_lifecycle.allowed(action.state))

    @extend_schema_field(FindingSerializer(many=True))
    def get_notes(self, action: Action) -> list[dict[str, int | str]]:
        return [finding.to_dict() for finding in language.check(action.title, "action")]


class ProblemSerializer(Answer):
    priority = serializers.IntegerField(help_text="1, the most pressing, to 5: impact by urgency.")
    owner = IncidentPersonSerializer(allow_null=True)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    services = Slugs()
    category = serializers.CharField(source="category.key", allow_null=True, default=None)
    is_known_error = serializers.BooleanField()
    url = Address()

    class Meta:
        model = Problem
        fields = ["number", "title", "category", "symptoms", "statement", "status", "outcome", "origin", "impact"]
        fields += [
            "urgency",
            "priority",
            "owner",
            "team",
            "services",
            "workaround",
            "effectiveness",
            "cause_notes",
            "fix_notes",
            "is_known_error",
        ]
        fields += ["known_error_at", "review_on", "created_at", "resolved_at", "url"]


class CostSerializer(serializers.Serializer):
    """The incidents of a problem, added up."""

    incidents = serializers.IntegerField(source="count")
    going_on = serializers.IntegerField()
    by_severity = serializers.DictField(child=serializers.IntegerField())
    total_seconds = serializers.FloatField()
    median_seconds = serializers.FloatField(allow_null=True)
    last_at = Moment(allow_null=True)
    services = serializers.ListField(child=serializers.CharField(), help_text="By name, the most often touched first.")


class SuggestionSerializer(serializers.Serializer):
    """A factor that recurs at a service, and what says so: all of it may be given to `POST problems/`."""

    sentence = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField(source="factor.key")
    service = serializers.CharField(source="service.slug")
    incidents = serializers.SerializerMethodField()
    postmortems = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_incidents(self, one: Suggestion) -> list[int]:
        return [incident.number for incident in one.incidents]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_postmortems(self, one: Suggestion) -> list[int]:
        return [postmortem.number for postmortem in one.postmortems]


class DismissalSerializer(serializers.Serializer):
    category = serializers.CharField(source="factor.key")
    service = serializers.CharField(source="service.slug")
    incidents = serializers.IntegerField(help_text="It is asked again when there are more.")
    reason = serializers.CharField()
    at = Moment()


class ArticleVersionSerializer(serializers.Serializer):
    """An article as it was."""

    at = Moment(source="history_date")
    by = IncidentPersonSerializer(source="history_user", allow_null=True)
    title = serializers.CharField()
    issue = serializers.CharField()
    environment = serializers.CharField()
    resolution = serializers.CharField()
    cause = serializers.CharField()
    confidence = serializers.CharField()


class ProblemDetailSerializer(ProblemSerializer):
    incidents = Numbers()
    postmortems = Numbers()
    actions = Numbers()
    articles = Numbers()
    changes = serializers.SerializerMethodField(help_text="Changes that fix it, by id.")
    duplicate_of = serializers.SerializerMethodField()
    allowed_transitions = serializers.SerializerMethodField()
    asks = serializers.SerializerMethodField(help_text="What it asks of you now that it is resolved.")
    cost = serializers.SerializerMethodField(help_text="What it has cost so far, practice left out.")

    class Meta(ProblemSerializer.Meta):
        fields = [*ProblemSerializer.Meta.fields, "incidents", "postmortems", "actions", "articles", "changes"]
        fields += ["duplicate_of", "allowed_transitions", "asks", "cost"]

    @extend_schema_field(WORDS)
    def get_asks(self, problem: Problem) -> list[str]:
        return asks(problem, self.context["request"].user)

    @extend_schema_field(CostSerializer)
    def get_cost(self, problem: Problem) -> Any:
        return CostSerializer(impact_of(problem)).data

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
        fields += ["team", "review_on", "reviewed_at", "services", "uses", "created_at", "updated_at", "url"]


class ArticleDetailSerializer(ArticleSerializer):
    problems = Numbers()
    postmortems = Numbers()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "problems", "postmortems"]


class UseAnswerSerializer(serializers.Serializer):
    article = serializers.IntegerField(source="article.number")
    incident = serializers.IntegerField(source="incident.number")
    at = Moment()


LIKENESS = ["score", "same_service", "matched", "excerpt"]


class Likeness(serializers.Serializer):
    """Something met before: the record itself, and how it resembles what was asked."""

    score = serializers.FloatField(help_text="0 to 1, how alike in words.")
    same_service = serializers.BooleanField()
    matched = serializers.CharField(help_text="Its title in safe HTML, with what matched in <mark>.")
    excerpt = serializers.CharField(help_text="A line of its text likewise, where that matches better than its title.")

    def to_representation(self, hit: Any) -> Any:
        for name in LIKENESS:
            setattr(hit.row, name, getattr(hit, name))
        return super().to_representation(hit.row)


class SimilarIncidentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    severity = serializers.CharField()
    status = serializers.CharField()
    services = Slugs()
    url = Address()
    started_at = Moment()
    resolved_at = Moment(allow_null=True)
    postmortems = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_postmortems(self, incident: Any) -> list[int]:
        return [postmortem.number for postmortem in incident.visible_postmortems]


class KnownErrorHitSerializer(Likeness, ProblemSerializer):
    class Meta(ProblemSerializer.Meta):
        fields = [*ProblemSerializer.Meta.fields, *LIKENESS]


class IncidentHitSerializer(Likeness, SimilarIncidentSerializer):
    pass


class ArticleHitSerializer(Likeness, ArticleSerializer):
    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, *LIKENESS]


class SeenBeforeSerializer(serializers.Serializer):
    known_errors = KnownErrorHitSerializer(many=True)
    incidents = IncidentHitSerializer(many=True)
    articles = ArticleHitSerializer(many=True)

    def to_representation(self, seen: Any) -> Any:
        visible = Postmortem.objects.visible_to(self.context["request"].user).order_by("number")
        wanted = Prefetch("postmortems", queryset=visible, to_attr="visible_postmortems")
        prefetch_related_objects([hit.row for hit in seen.incidents], wanted)
        return super().to_representation(seen)


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
