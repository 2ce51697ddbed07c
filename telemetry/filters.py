"""What alerts can be narrowed by, in the API and on their page."""

import django_filters
from django.db.models import Q

from notifications.filters import MomentFilter
from telemetry.models import Alert
from telemetry.outcomes import KINDS
from telemetry.querysets import AlertQuerySet


class AlertFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug", label="Service")
    name = django_filters.CharFilter(label="Name")
    status = django_filters.ChoiceFilter(choices=Alert.Status.choices, empty_label="Firing or not", label="Status")
    became = django_filters.ChoiceFilter(
        choices=[(key, label) for key, (label, _) in KINDS.items()],
        method="by_outcome",
        empty_label="Whatever became of it",
        label="What became of it",
    )
    since = MomentFilter(field_name="starts_at", lookup_expr="gte", label="Since")
    until = MomentFilter(field_name="starts_at", lookup_expr="lte", label="Until")

    class Meta:
        model = Alert
        fields: list[str] = []

    def by_outcome(self, found: AlertQuerySet, name: str, key: str) -> AlertQuerySet:
        """By the words that its outcome begins with; an alert that flapped is one whatever else became of it."""
        begins = Q(outcome__startswith=KINDS[key][1])
        return found.filter(begins | Q(flapping_since__isnull=False) if key == "flapping" else begins)
