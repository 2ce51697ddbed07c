"""What the API is told and answers about issue trackers. A token goes in and never comes out."""

from __future__ import annotations

from rest_framework import serializers

from incidents.api.serializers import Answer
from notifications.links import absolute
from postmortems.models import Tracker


class ChangeTrackerSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(required=False, help_text="What the addresses of its issues begin with.")
    api_url = serializers.CharField(required=False, allow_blank=True, help_text="Empty: it follows from `url`.")
    account = serializers.CharField(required=False, allow_blank=True, help_text="Jira Cloud: whose token it is.")
    token = serializers.CharField(required=False, allow_blank=True)


class AddTrackerSerializer(ChangeTrackerSerializer):
    kind = serializers.ChoiceField(Tracker.Kind.choices)
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(help_text="What the addresses of its issues begin with.")


class TrackerSerializer(Answer):
    has_token = serializers.SerializerMethodField()
    testing = serializers.SerializerMethodField(help_text="A test is under way; its outcome comes in seconds.")
    webhook_url = serializers.SerializerMethodField()

    class Meta:
        model = Tracker
        fields = ["id", "kind", "name", "url", "api_url", "account", "has_token", "webhook_url", "created_at"]
        fields += ["retired_at", "testing", "tested_at", "test_said", "last_error"]

    def get_has_token(self, tracker: Tracker) -> bool:
        return bool(tracker.token)

    def get_testing(self, tracker: Tracker) -> bool:
        return tracker.next_at is not None

    def get_webhook_url(self, tracker: Tracker) -> str:
        return absolute(f"/hooks/issues/{tracker.key}")


class NewTrackerSerializer(TrackerSerializer):
    webhook_secret = serializers.SerializerMethodField(help_text="Shown this once.")

    class Meta(TrackerSerializer.Meta):
        fields = [*TrackerSerializer.Meta.fields, "webhook_secret"]

    def get_webhook_secret(self, tracker: Tracker) -> str:
        return str(self.context["secret"])
