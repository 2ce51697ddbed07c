"""Fields that the API of this room shares: records that the asker may see, by number, and Markdown."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.INT)
class NumberField(serializers.SlugRelatedField):
    """A record by its number (or, with `by`, another integer), among those that the asker may see."""

    default_error_messages = {
        "does_not_exist": "There is no {value} that is visible to you.",
        "invalid": "Give its number.",
    }

    def __init__(self, model: Any, by: str = "number", **options: Any) -> None:
        self.model = model
        super().__init__(slug_field=by, queryset=model.objects.none(), **options)

    def get_queryset(self) -> Any:
        return self.model.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not (isinstance(data, int) or (isinstance(data, str) and data.isdecimal())):
            self.fail("invalid")
        return super().to_internal_value(int(data))


class Body(serializers.CharField):
    """Markdown, kept as it was written."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)
