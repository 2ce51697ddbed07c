"""What the ledger can be narrowed by, in the API, on its page and in its export."""

from __future__ import annotations

from datetime import datetime

import django_filters

from changes.models import Change, State
from changes.querysets import ChangeQuerySet
from notifications.filters import MomentFilter

DECISIONS = {
    "standard": "standard (pre-authorised)",
    "normal": "normal",
    "emergency": "emergency",
    "overridden": "overridden",
    "allowed": "allowed by the gate",
    "awaiting": "awaiting authorisation",
    "prevented": "prevented by the gate",
    "checked": "with a gate check",
    "unchecked": "without a gate check",
}


class ChangeFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug", label="Service")
    environment = django_filters.CharFilter(lookup_expr="iexact", label="Environment")
    kind = django_filters.ChoiceFilter(choices=Change.Kind.choices, empty_label="Every kind", label="Kind")
    state = django_filters.ChoiceFilter(choices=State.choices, empty_label="Every state", label="State")
    decision = django_filters.ChoiceFilter(
        choices=[*DECISIONS.items()], method="decided", empty_label="Every decision", label="Decision"
    )
    person = django_filters.CharFilter(
        method="with_a_hand_in_it", label="Person", help_text="As senders name them, or the beginning of it."
    )
    q = django_filters.CharFilter(
        method="that_says", label="Text", help_text="Words of its description, revision, branch, repository or person."
    )
    since = MomentFilter(method="at_work_since", label="Since")
    until = MomentFilter(field_name="started_at", lookup_expr="lte", label="Until")

    class Meta:
        model = Change
        fields: list[str] = []

    def at_work_since(self, queryset: ChangeQuerySet, name: str, value: datetime) -> ChangeQuerySet:
        return queryset.since(value)

    def decided(self, queryset: ChangeQuerySet, name: str, value: str) -> ChangeQuerySet:
        match value:
            case "overridden":
                return queryset.filter(overridden=True)
            case "allowed" | "awaiting" | "prevented":
                return queryset.answered(value)
            case "checked" | "unchecked":
                return queryset.checked(value == "checked")
            case _:
                return queryset.filter(type=value)

    def with_a_hand_in_it(self, queryset: ChangeQuerySet, name: str, value: str) -> ChangeQuerySet:
        return queryset.by(value)

    def that_says(self, queryset: ChangeQuerySet, name: str, value: str) -> ChangeQuerySet:
        return queryset.that_say(value)
