"""`policies/`: whom a page reaches, in which order."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from oncall import services
from oncall.api.base import CatalogueView
from oncall.api.fields import Minutes, NameOf
from oncall.models import Policy
from oncall.requests import asker


class TargetSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="seat, person, team, team_lead, channel or webhook.")
    seat = serializers.CharField(
        required=False, allow_blank=True, help_text="The seat, or the side for which the target counts."
    )
    person = NameOf("email", help_text="E-mail address, for a person.")
    team = NameOf(help_text="Slug, for a team or its lead.")
    address = serializers.CharField(
        required=False, allow_blank=True, help_text="#name or id of a Slack channel, or the URL of a webhook."
    )


class TargetsField(serializers.ListField):
    """A webhook's URL may hold a secret: viewers are told only that there is one."""

    child = TargetSerializer()

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        targets = super().to_representation(value.all())
        if not asker(self.context["request"]).is_responder:
            targets = [target | {"address": ""} if target["kind"] == "webhook" else target for target in targets]
        return [{name: found for name, found in target.items() if found} for target in targets]


class StepSerializer(serializers.Serializer):
    delay = Minutes(default=5, help_text="Minutes to wait for an answer, before the next step.")
    targets = TargetsField()


class StepsField(serializers.ListField):
    child = StepSerializer()

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        return super().to_representation(value.all())


class PolicySerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    each_seat = serializers.BooleanField(required=False, help_text="Each seat acknowledges for itself.")
    repeat = serializers.IntegerField(required=False, help_text="How often the steps are gone through again.")
    ack_timeout = Minutes(
        required=False,
        allow_null=True,
        help_text="Minutes that an acknowledgement holds before its side is paged again; null: for ever.",
    )
    steps = StepsField()


class PolicyView(CatalogueView):
    queryset = Policy.objects.prefetch_related("steps__targets__person", "steps__targets__team")
    serializer_class = PolicySerializer
    noun = "policy"
    save = staticmethod(services.save_policy)
    remove = staticmethod(services.delete_policy)
