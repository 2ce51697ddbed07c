"""What alerts can be narrowed by, in the API and on their page."""

import django_filters

from notifications.filters import MomentFilter
from telemetry.models import Alert


class AlertFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug", label="Service")
    name = django_filters.CharFilter(label="Name")
    status = django_filters.ChoiceFilter(choices=Alert.Status.choices, empty_label="Firing or not", label="Status")
    since = MomentFilter(field_name="starts_at", lookup_expr="gte", label="Since")
    until = MomentFilter(field_name="starts_at", lookup_expr="lte", label="Until")

    class Meta:
        model = Alert
        fields: list[str] = []
