"""`services/`: the catalogue of what runs."""

from __future__ import annotations

import django_filters
from rest_framework import serializers

from oncall import services
from oncall.api.base import CatalogueView
from oncall.api.fields import Choice, NameOf, NamesOf
from oncall.models import Panel, Service
from oncall.querysets import ServiceQuerySet


class PanelSerializer(serializers.Serializer):
    name = serializers.CharField()
    query = serializers.CharField(
        help_text="PromQL, or LogQL for Loki; `{service}` and `{environment}` stand for the service's own."
    )
    unit = serializers.CharField(required=False, allow_blank=True)
    source = Choice(  # type: ignore[assignment]  # a field called so
        choices=Panel.Source.choices, required=False, help_text="Who is asked: left out, it is Prometheus."
    )

    def to_representation(self, instance: Panel) -> dict[str, str]:
        """As it was sent: without a source where that is the usual one."""
        told: dict[str, str] = super().to_representation(instance)
        if told["source"] == Panel.Source.PROMETHEUS:
            del told["source"]
        return told


class PanelsField(serializers.ListField):
    """A list of panels, each with name, query and unit, and a source where that is not Prometheus."""

    child = PanelSerializer()

    def to_representation(self, value: object) -> list[dict[str, str]]:
        return super().to_representation(value.all())  # type: ignore[attr-defined]


class ServiceSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(required=False, allow_blank=True)
    dev_team = NameOf(help_text="Slug of the team that builds it.")
    ops_team = NameOf(help_text="Slug of the team that operates it.")
    stage = Choice(choices=Service.Stage.choices, required=False)
    tier = serializers.IntegerField(required=False, help_text="1, what the business cannot be without, to 4.")
    platform = serializers.CharField(required=False, allow_blank=True)
    environment = serializers.CharField(required=False)
    repositories = serializers.ListField(child=serializers.CharField(), required=False, help_text="As owner/name.")
    depends_on = NamesOf(help_text="Slugs of the services it needs.")
    schedule = NameOf(help_text="Slug of the schedule that says who is on call.")
    policy = NameOf(help_text="Slug of the escalation policy; without one its stage decides.")
    panels = PanelsField(required=False)


class ServiceFilter(django_filters.FilterSet):
    team = django_filters.CharFilter(method="of_team", help_text="Slug of its Dev or Ops team.")
    stage = django_filters.ChoiceFilter(choices=Service.Stage.choices)

    def of_team(self, queryset: ServiceQuerySet, name: str, value: str) -> ServiceQuerySet:
        return queryset.of_team(value)


class ServiceView(CatalogueView):
    queryset = Service.objects.select_related("dev_team", "ops_team", "schedule", "policy").prefetch_related(
        "depends_on", "panels"
    )
    serializer_class = ServiceSerializer
    filterset_class = ServiceFilter
    noun = "service"
    save = staticmethod(services.save_service)
    remove = staticmethod(services.delete_service)
