"""Filters that lists of several rooms share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError


class MomentField(filters.fields.IsoDateTimeField):
    """A time in UTC. A `+` that was not encoded arrives as a space, and is meant as a `+`."""

    def to_python(self, value: Any) -> datetime | None:
        told = value.strip().replace(" ", "+") if isinstance(value, str) and "T" in value else value
        moment = super().to_python(told)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("This time is out of range.") from error


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField
