"""Reading a request: who asks, and what is told."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from oncall.models import Person


def read(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was told, as the serializer understands it; its complaints become a 400 by field."""
    told = serializer(data=request.data)
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def asker(request: Request) -> Person:
    """Who asks; the API answers nobody who is not signed in."""
    return cast(Person, request.user)
