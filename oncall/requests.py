"""Who asks: requests that came past the sign-in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from oncall.models import Person


def asker(request: HttpRequest | Request) -> Person:
    """The person who is signed in; only for views that require it."""
    return cast(Person, request.user)
