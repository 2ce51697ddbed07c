"""What the API is told and answers about subscriptions, the post-mortem of the month and the reading club."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from incidents.api.fields import PersonField, ServiceField
from incidents.api.serializers import Answer, IncidentPersonSerializer
from notifications.fields import Moment
from postmortems.api.fields import Body, NumberField
from postmortems.api.inputs import TeamField
from postmortems.models import Factor, OfTheMonth, Postmortem, ReadingSession, Subscription


class FactorField(serializers.SlugRelatedField):
    """A contributing factor by key."""

    default_error_messages = {"does_not_exist": "There is no factor {value}; GET /api/v1/factors/ lists them."}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="key", queryset=Factor.objects.filter(retired_at=None), **options)


class SubscriptionSerializer(Answer):
    service = serializers.CharField(source="service.slug", allow_null=True, default=None)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    factor = serializers.CharField(source="factor.key", allow_null=True, default=None)

    class Meta:
        model = Subscription
        fields = ["id", "service", "team", "factor", "cadence", "at"]


class SubscribeSerializer(serializers.Serializer):
    service = ServiceField(required=False, allow_null=True, default=None)
    team = TeamField(required=False, allow_null=True, default=None)
    factor = FactorField(required=False, allow_null=True, default=None)
    cadence = serializers.ChoiceField(Subscription.Cadence.choices, default="weekly")


class OfTheMonthSerializer(Answer):
    postmortem = serializers.IntegerField(source="postmortem.number")
    title = serializers.CharField(source="postmortem.title")

    class Meta:
        model = OfTheMonth
        fields = ["month", "postmortem", "title", "why", "at"]


class ChooseSerializer(serializers.Serializer):
    postmortem = NumberField(Postmortem)
    why = serializers.CharField(max_length=300)
    month = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Any day of it; now if left out."
    )


class ReadingSessionSerializer(Answer):
    postmortem = serializers.IntegerField(source="postmortem.number")
    title = serializers.CharField(source="postmortem.title")
    host = IncidentPersonSerializer()
    readers = IncidentPersonSerializer(many=True)

    class Meta:
        model = ReadingSession
        fields = [
            "id",
            "postmortem",
            "title",
            "at",
            "place",
            "host",
            "readers",
            "questions",
            "findings",
            "cancelled_at",
        ]


class EditSessionSerializer(serializers.Serializer):
    at = Moment(required=False)
    place = serializers.CharField(max_length=500, required=False, allow_blank=True)
    host = PersonField(required=False)
    questions = Body(required=False)
    findings = Body(required=False)


class PlanSessionSerializer(serializers.Serializer):
    postmortem = NumberField(Postmortem)
    at = Moment()
    place = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    host = PersonField(required=False, allow_null=True, default=None)
    questions = Body(required=False, default="", help_text="Left empty, a few good ones are put in.")


class ComeSerializer(serializers.Serializer):
    coming = serializers.BooleanField(default=True)
