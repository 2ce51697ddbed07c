"""`events/`: what was published, the newest first, in the words in which webhooks tell it."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet

from notifications.filters import MomentFilter
from notifications.models import Event
from notifications.outgoing import published
from notifications.outgoing.interest import wants


class EventListSerializer(serializers.ListSerializer):
    """A page of events, described together."""

    def to_representation(self, data: Any) -> list[Any]:
        events = list(data)
        told = published.bodies(events)
        return [told.get(event.pk) or published.body_of(event, {}) for event in events]


class EventSerializer(serializers.Serializer):
    id = serializers.CharField(help_text="As `evt_71`; the same in every webhook's message of it.")
    type = serializers.CharField(help_text="As `incident.declared`.")
    timestamp = serializers.DateTimeField(help_text="When it happened.")
    data = serializers.SerializerMethodField(help_text="What it is about, as it stands now, by numbers and addresses.")  # type: ignore[assignment]

    class Meta:
        list_serializer_class = EventListSerializer

    @extend_schema_field(serializers.DictField())
    def get_data(self, event: Event) -> dict[str, Any]:
        return dict(published.bodies([event]).get(event.pk, {}).get("data", {}))


class EventFilter(django_filters.FilterSet):
    type = django_filters.CharFilter(method="of_type", help_text="As `incident.declared`, or `incident.*`.")
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    def of_type(self, queryset: Any, name: str, value: str) -> Any:
        types = [type for type in published.published() if wants([value], type)]
        if not types:
            known = ", ".join(published.published())
            raise serializers.ValidationError({"type": [f"There is no event “{value[:60]}”; use one of {known}."]})
        return queryset.filter(type__in=types)


class EventView(ListModelMixin, GenericViewSet):
    """What happened, as webhooks tell it; what is private is told to those who take part."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filterset_class = EventFilter

    def get_queryset(self) -> Any:
        return published.visible_events(self.request.user).order_by("-at", "-pk")
