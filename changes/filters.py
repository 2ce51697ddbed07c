"""What the ledger can be narrowed by, in the API and on its page."""

from __future__ import annotations

from datetime import datetime

import django_filters

from changes.models import Change, State
from changes.querysets import ChangeQuerySet
from notifications.filters import MomentFilter


class ChangeFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug", label="Service")
    environment = django_filters.CharFilter(lookup_expr="iexact", label="Environment")
    kind = django_filters.ChoiceFilter(choices=Change.Kind.choices, empty_label="Every kind", label="Kind")
    state = django_filters.ChoiceFilter(choices=State.choices, empty_label="Every state", label="State")
    since = MomentFilter(method="at_work_since", label="Since")
    until = MomentFilter(field_name="started_at", lookup_expr="lte", label="Until")

    class Meta:
        model = Change
        fields: list[str] = []

    def at_work_since(self, queryset: ChangeQuerySet, name: str, value: datetime) -> ChangeQuerySet:
        return queryset.since(value)
