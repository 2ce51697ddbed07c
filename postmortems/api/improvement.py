"""What the API is told and answers about the load of teams and the time they set aside."""

from __future__ import annotations

import django_filters as filters
from rest_framework import serializers

from incidents.api.serializers import Answer
from postmortems.api.inputs import TeamField
from postmortems.models import ImprovementTime


class ImprovementTimeSerializer(Answer):
    team = serializers.CharField(source="team.slug")

    class Meta:
        model = ImprovementTime
        fields = ["team", "week", "planned_hours", "spent_hours", "note", "at"]


class TellImprovementTimeSerializer(serializers.Serializer):
    team = TeamField()
    week = serializers.DateField(help_text="Its Monday.")
    planned_hours = serializers.DecimalField(max_digits=6, decimal_places=1, required=False)
    spent_hours = serializers.DecimalField(max_digits=6, decimal_places=1, required=False, allow_null=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ImprovementTimeFilter(filters.FilterSet):
    team = filters.CharFilter(field_name="team__slug")
    since = filters.DateFilter(field_name="week", lookup_expr="gte")
    until = filters.DateFilter(field_name="week", lookup_expr="lt")

    class Meta:
        model = ImprovementTime
        fields: list[str] = []


class TeamActionsSerializer(serializers.Serializer):
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    name = serializers.CharField(source="team.name", allow_null=True, default=None)
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    greatest_days = serializers.IntegerField(allow_null=True, help_text="How long the oldest is overdue.")
