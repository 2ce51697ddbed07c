"""`user-groups/`: Slack's groups that hold whoever is on call."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from oncall.api.base import CatalogueView
from oncall.permissions import require_administrator
from slack import services
from slack.models import UserGroup


class SeatsField(serializers.ListField):
    """Each as `schedule/seat`."""

    child = serializers.CharField()

    def get_attribute(self, instance: UserGroup) -> Any:
        return instance.seat_names()


class UserGroupSerializer(serializers.Serializer):
    handle = serializers.CharField(help_text="What one mentions, without the @.")
    seats = SeatsField(help_text="Seats whose people are in it, such as checkout/dev.")
    synced_at = serializers.DateTimeField(read_only=True, allow_null=True)
    error = serializers.CharField(read_only=True, help_text="Why it may not be up to date; empty where it is.")


class UserGroupView(CatalogueView):
    queryset = UserGroup.objects.prefetch_related("seats__schedule")
    serializer_class = UserGroupSerializer
    lookup_field = "handle"
    lookup_value_regex = "[^/]+"
    noun = "user_group"
    writer = staticmethod(require_administrator)
    save = staticmethod(services.save_user_group)
    remove = staticmethod(services.delete_user_group)
