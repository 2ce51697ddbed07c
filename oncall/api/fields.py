"""Fields that the API of this room shares. Names stay text on the way in: the services say what is wrong with them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oncall.definition import values


class NameOf(serializers.CharField):
    """Something else by its `attribute`: a team by its slug, a person by e-mail address; null for none."""

    def __init__(self, attribute: str = "slug", **options: Any) -> None:
        self.attribute = attribute
        if not options.get("read_only"):
            options |= {"required": False, "allow_blank": True}
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> str:
        return str(getattr(value, self.attribute))


class NamesOf(serializers.ListField):
    """Several of them, in their own order."""

    child = serializers.CharField()

    def __init__(self, attribute: str = "slug", **options: Any) -> None:
        self.attribute = attribute
        if not options.get("read_only"):
            options["required"] = False
        super().__init__(**options)

    def to_representation(self, value: Any) -> list[str]:
        return [str(getattr(one, self.attribute)) for one in value.all()]


class Choice(serializers.ChoiceField):
    """One of few words; the refusal names them."""

    def fail(self, key: str, **values_: Any) -> None:  # type: ignore[override]
        known = ", ".join(str(word) for word in self.choices)
        raise serializers.ValidationError(f"“{values_.get('input', '')}” is not known; use {known}.", code=key)


@extend_schema_field(OpenApiTypes.INT)
class Minutes(serializers.Field):
    """Whole minutes; on the way in also an ISO 8601 duration, such as PT5M."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        try:
            return int(values.duration(data).total_seconds() // 60)
        except ValueError as error:
            raise serializers.ValidationError(f"{error} Or give whole minutes.") from error

    def to_representation(self, value: Any) -> int:
        return int(value.total_seconds() // 60)


class PersonBrief(serializers.Serializer):
    """Somebody, by the two things that name them."""

    email = serializers.EmailField(read_only=True)
    name = serializers.CharField(read_only=True)
