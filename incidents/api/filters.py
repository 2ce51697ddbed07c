"""Narrowing the list of incidents, and a timeline."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q

from incidents.models import Incident, TimelineEntry
from incidents.models.incident import Severity, Status
from incidents.querysets import IncidentQuerySet
from notifications.filters import MomentFilter


class OneOrMore(filters.BaseInFilter, filters.ChoiceFilter):
    """`?status=resolved` or `?status=resolved,closed`."""


class IncidentFilter(filters.FilterSet):
    status = OneOrMore(
        choices=[("open", "open"), *Status.choices],
        method="by_status",
        help_text="open, or one or more of the statuses.",
    )
    severity = OneOrMore(choices=Severity.choices, lookup_expr="in")
    service = filters.CharFilter(field_name="services__slug", distinct=True)
    team = filters.CharFilter(method="by_team", help_text="A team that builds or operates an affected service.")
    q = filters.CharFilter(method="by_words", help_text="Words of the title or summary, or a number.")
    since = MomentFilter(field_name="declared_at", lookup_expr="gte")
    until = MomentFilter(field_name="declared_at", lookup_expr="lt")

    class Meta:
        model = Incident
        fields: list[str] = []

    def by_status(self, incidents: IncidentQuerySet, name: str, statuses: list[str]) -> IncidentQuerySet:
        wanted = Q(status__in=statuses)
        return incidents.filter(wanted | Q(pk__in=Incident.objects.open()) if "open" in statuses else wanted)

    def by_team(self, incidents: IncidentQuerySet, name: str, slug: str) -> IncidentQuerySet:
        theirs = Q(services__dev_team__slug=slug) | Q(services__ops_team__slug=slug)
        return incidents.filter(theirs).distinct()

    def by_words(self, incidents: IncidentQuerySet, name: str, q: str) -> IncidentQuerySet:
        """All the words, in any order."""
        number = q.strip().lstrip("#")
        if number.isdecimal():
            return incidents.filter(Q(number=int(number)) | Q(title__icontains=number))
        for word in q.split():
            incidents = incidents.filter(Q(title__icontains=word) | Q(summary__icontains=word))
        return incidents


class TimelineFilter(filters.FilterSet):
    kind = OneOrMore(choices=TimelineEntry.Kind.choices, lookup_expr="in")
    since = MomentFilter(field_name="at", lookup_expr="gte")
    until = MomentFilter(field_name="at", lookup_expr="lt")

    class Meta:
        model = TimelineEntry
        fields: list[str] = []
