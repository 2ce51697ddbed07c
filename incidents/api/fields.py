"""Fields that the API of this room reads and writes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oncall.models import Person, Service


class _Named(serializers.SlugRelatedField):
    """A row by a name that people know."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or "\x00" in data:
            self.fail("invalid")
        return super().to_internal_value(data.strip())


@extend_schema_field(serializers.EmailField())
class PersonField(_Named):
    """A person by e-mail address, in any case of letters."""

    default_error_messages = {
        "does_not_exist": "Nobody with the e-mail address {value} is active here.",
        "invalid": "Name a person by e-mail address.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="email__iexact", queryset=Person.objects.active(), **options)


@extend_schema_field(serializers.SlugField())
class ServiceField(_Named):
    """A service by slug."""

    default_error_messages = {
        "does_not_exist": "There is no service with the slug {value}; GET /api/v1/services/ lists them.",
        "invalid": "Name a service by its slug.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", queryset=Service.objects.all(), **options)
