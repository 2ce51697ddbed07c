"""What the API of this room is told. The services check what it means."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from changes.models import Change
from incidents.api.fields import PersonField, ServiceField
from incidents.models import Incident
from oncall.models import Team
from postmortems import action_lifecycle, lifecycle
from postmortems.api.fields import Body, NumberField
from postmortems.finding import search
from postmortems.language import Category
from postmortems.models import Action, Article, Factor, FactorFinding, Postmortem, Problem, Review
from postmortems.problems import lifecycle as problem_lifecycle

LEVEL = "1 high, 2 medium, 3 low."


def _moves(table: dict[str, tuple[str, ...]]) -> list[str]:
    return sorted({*table, "reopened"})


class FactorField(serializers.SlugRelatedField):
    """A word of the taxonomy of contributing factors, by its key."""

    default_error_messages = {"does_not_exist": "There is no factor {value}: see factors/.", "invalid": "Give its key."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="key", queryset=Factor.objects.all(), **options)


class TeamField(serializers.SlugRelatedField):
    """A team by slug."""

    default_error_messages = {"does_not_exist": "There is no team with the slug {value}.", "invalid": "Give its slug."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", queryset=Team.objects.all(), **options)


class OpenSerializer(serializers.Serializer):
    incident = NumberField(Incident, required=False, help_text="The same as `incidents` with one.")
    incidents = NumberField(Incident, many=True, required=False, default=list)
    template = serializers.SlugField(
        required=False, allow_blank=True, default="", help_text="Without one, what the severity asks for, or the usual."
    )
    title = serializers.CharField(max_length=200, required=False, allow_null=True, default=None)
    facilitator = PersonField(required=False, allow_null=True, default=None)
    services = ServiceField(many=True, required=False, default=list, help_text="Of a near miss.")
    another = serializers.BooleanField(default=False, help_text="Though an incident has a post-mortem already.")


class EditPostmortemSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False)
    facilitator = PersonField(required=False, allow_null=True)
    services = ServiceField(many=True, required=False, help_text="Of a near miss.")


class IncidentOfSerializer(serializers.Serializer):
    incident = NumberField(Incident)
    another = serializers.BooleanField(default=False, help_text="Though it has a post-mortem already.")


class SaveSectionSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0, help_text="The version that was written upon.")
    body = Body()
    merge = serializers.BooleanField(default=False, help_text="If stale, save both together where nothing clashes.")


class RestoreSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=0)


class DismissSerializer(serializers.Serializer):
    category = serializers.ChoiceField([category.value for category in Category])
    text = serializers.CharField()
    reason = serializers.CharField(max_length=300)


class PostmortemMoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(_moves(lifecycle.MOVES))
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class AddFactorSerializer(serializers.Serializer):
    factor = serializers.SlugField()
    kind = serializers.ChoiceField(FactorFinding.Kind.choices, default="contributing")
    note = Body(required=False, default="")


class EditFactorSerializer(serializers.Serializer):
    note = Body(required=False)
    fixed = serializers.BooleanField(required=False)


class AskReviewerSerializer(serializers.Serializer):
    person = PersonField()
    side = serializers.ChoiceField(Review.Side.choices)


class SignOffSerializer(serializers.Serializer):
    side = serializers.ChoiceField(Review.Side.choices, required=False, allow_blank=True, default="")
    note = serializers.CharField(required=False, allow_blank=True, default="")


class ExemptSerializer(serializers.Serializer):
    reason = serializers.CharField()


class CreateActionSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    postmortem = NumberField(Postmortem, required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(Action.Kind.choices, default="prevent")
    priority = serializers.ChoiceField(Action.Priority.choices, default="medium")
    owner = PersonField(required=False, allow_null=True, default=None)
    team = TeamField(required=False, allow_null=True, default=None)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    url = serializers.CharField(required=False, allow_blank=True, default="")
    section = serializers.SlugField(required=False, allow_blank=True, default="", help_text="It came from there.")
    excerpt = Body(required=False, default="", help_text="The words of the post-mortem that it came from.")
    remind_every = serializers.IntegerField(default=7, help_text="Days between reminders once it is late: 1 to 30.")


class EditActionSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(Action.Kind.choices, required=False)
    priority = serializers.ChoiceField(Action.Priority.choices, required=False)
    owner = PersonField(required=False, allow_null=True)
    team = TeamField(required=False, allow_null=True)
    due_on = serializers.DateField(required=False)
    url = serializers.CharField(required=False, allow_blank=True)
    remind_every = serializers.IntegerField(required=False, help_text="Days: 1 to 30.")


class SnoozeActionSerializer(serializers.Serializer):
    until = serializers.DateField(allow_null=True, help_text="The day of the next reminder; null ends a snooze.")


class ActionMoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(_moves(action_lifecycle.MOVES))
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class EditProblemSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200, required=False)
    category = FactorField(required=False, allow_null=True)
    symptoms = Body(required=False)
    statement = Body(required=False)
    origin = serializers.ChoiceField(Problem.Origin.choices, required=False)
    impact = serializers.ChoiceField(Problem.Level.choices, required=False, help_text=LEVEL)
    urgency = serializers.ChoiceField(Problem.Level.choices, required=False, help_text=LEVEL)
    owner = PersonField(required=False, allow_null=True)
    team = TeamField(required=False, allow_null=True)
    workaround = Body(required=False)
    effectiveness = serializers.ChoiceField(Problem.Effectiveness.choices, required=False, allow_blank=True)
    cause_notes = Body(required=False)
    fix_notes = Body(required=False)
    services = ServiceField(many=True, required=False)


class OpenProblemSerializer(EditProblemSerializer):
    title = serializers.CharField(max_length=200)
    incidents = NumberField(Incident, many=True, required=False, default=list)
    postmortem = NumberField(Postmortem, required=False, allow_null=True, default=None)
    postmortems = NumberField(Postmortem, many=True, required=False, default=list)


class DismissSuggestionSerializer(serializers.Serializer):
    factor = FactorField()
    service = ServiceField()
    reason = serializers.CharField(max_length=300)


class ProblemLinksSerializer(serializers.Serializer):
    incidents = NumberField(Incident, many=True, required=False)
    postmortems = NumberField(Postmortem, many=True, required=False)
    actions = NumberField(Action, many=True, required=False)
    changes = NumberField(Change, by="pk", many=True, required=False, help_text="Changes that fix it, by id.")


class ProblemMoveSerializer(serializers.Serializer):
    to = serializers.ChoiceField(_moves(problem_lifecycle.MOVES))
    outcome = serializers.ChoiceField(Problem.Outcome.choices, required=False, allow_blank=True, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    review_on = serializers.DateField(required=False, allow_null=True, default=None)
    duplicate_of = NumberField(Problem, required=False, allow_null=True, default=None)


class KnownErrorSerializer(serializers.Serializer):
    cause_notes = Body(required=False, default="")
    workaround = Body(required=False, default="")
    effectiveness = serializers.ChoiceField(Problem.Effectiveness.choices, required=False, allow_blank=True, default="")


class EditArticleSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Article.Kind.choices, required=False)
    title = serializers.CharField(max_length=200, required=False)
    issue = Body(required=False)
    environment = Body(required=False)
    resolution = Body(required=False)
    cause = Body(required=False)
    audience = serializers.ChoiceField(Article.Audience.choices, required=False)
    team = TeamField(required=False, allow_null=True)
    review_on = serializers.DateField(required=False, allow_null=True)
    services = ServiceField(many=True, required=False)
    problems = NumberField(Problem, many=True, required=False)
    postmortems = NumberField(Postmortem, many=True, required=False)


class WriteArticleSerializer(EditArticleSerializer):
    title = serializers.CharField(max_length=200)
    issue = Body(help_text="In the words of those who meet it.")


class ConfidenceSerializer(serializers.Serializer):
    to = serializers.ChoiceField(Article.Confidence.choices)


class ReviewArticleSerializer(serializers.Serializer):
    next_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="Else half a year on.")


class UseSerializer(serializers.Serializer):
    incident = NumberField(Incident)


class SeenInWordsSerializer(serializers.Serializer):
    q = serializers.CharField(max_length=2000)
    services = serializers.CharField(required=False, allow_blank=True, default="")
    limit = serializers.IntegerField(required=False, default=5, min_value=1, max_value=20)


class SearchedSerializer(serializers.Serializer):
    q = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Words, or a number such as #12, PM7, P3, K4, A5."
    )
    kind = serializers.ChoiceField(list(search.KINDS), required=False, default="")
    limit = serializers.IntegerField(required=False, default=50, help_text=f"Of each kind: 1 to {search.MOST}.")
    offset = serializers.IntegerField(required=False, default=0, help_text="So many of each kind are passed over.")


class CheckSerializer(serializers.Serializer):
    text = Body(max_length=200_000)
    kind = serializers.ChoiceField(["prose", "action"], default="prose")
