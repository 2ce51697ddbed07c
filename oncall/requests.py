"""Who asks, and what they tell: requests that came past the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request as ApiRequest
from rest_framework.serializers import Serializer

from oncall.models import Person
from oncall.permissions import require_administrator, require_responder

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request for a page, of somebody who signed in: LoginRequiredMiddleware lets no other through."""

    user: Person
    htmx: HtmxDetails


def asker(request: HttpRequest | ApiRequest) -> Person:
    """The person who is signed in; only for views that require it."""
    return cast(Person, request.user)


def read(serializer: type[Serializer[Any]], request: ApiRequest) -> dict[str, Any]:
    """What a program tells, as the serializer understands it; its complaints become a 400 by field."""
    told = serializer(data=request.data, context={"request": request})
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def administrators(view: View) -> View:
    """Only administrators come in."""
    return _admitted(view, require_administrator)


def responders(view: View) -> View:
    """Only responders and administrators come in."""
    return _admitted(view, require_responder)


def _admitted(view: View, require: Callable[[Any], None]) -> View:
    @wraps(view)
    def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.user)
        return view(request, *args, **kwargs)

    return admitted
