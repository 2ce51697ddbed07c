"""Reading a request to this room: what is told, and records that the asker may see, by number."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def read(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was told, as the serializer understands it; its complaints become a 400 by field."""
    told = serializer(data=request.data, context={"request": request})
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


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
