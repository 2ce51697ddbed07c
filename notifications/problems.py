"""Errors for programs: `application/problem+json` (RFC 9457), one shape for all of the API and the intake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files import File
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.views import exception_handler

from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.payloads import shown

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str, **members: Any) -> HttpResponse:
    """A problem document outside of REST framework."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail} | members
    return JsonResponse(document, status=status, content_type=CONTENT_TYPE)


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler: our refusals and its own, in one shape. What it does not know is a 500."""
    document = _document(error)
    if document is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        document |= _with_values(document["errors"], context["request"])
    answered = exception_handler(error, context)  # for its headers (WWW-Authenticate, Retry-After) and rollback
    response = JsonResponse(document, status=document["status"], content_type=CONTENT_TYPE)
    for name in ("WWW-Authenticate", "Retry-After"):
        if answered and name in answered:
            response[name] = answered[name]
    return response


def _document(error: Exception) -> dict[str, Any] | None:
    for kinds, describe in DOCUMENTS.items():
        if isinstance(error, kinds):
            return describe(error)
    return None


def _shape(status: int, detail: str, **members: Any) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    } | members


def _by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested details flattened: `{"panels[0].query": ["This field may not be blank."]}`."""
    if isinstance(detail, dict):
        pairs = [_by_field(value, f"{prefix}.{key}" if prefix else str(key)) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        pairs = [_by_field(value, f"{prefix}[{index}]") for index, value in enumerate(detail)]
    else:
        return {prefix or "body": [str(item) for item in detail] if isinstance(detail, list) else [str(detail)]}
    return {name: sentences for pair in pairs for name, sentences in pair.items() if sentences}


def _with_values(errors: dict[str, list[str]], request: Any) -> dict[str, Any]:
    """REST framework says what is wrong with a field, but seldom with which value: add it."""
    given = request.query_params if request.method in SAFE_METHODS else request.data
    told = {name: [_with_value(one, _find(given, name)) for one in sentences] for name, sentences in errors.items()}
    return {"errors": told, "detail": _sentence(told)}


def _with_value(sentence: str, value: Any) -> str:
    if value is None or isinstance(value, dict | list | File) or str(value) in sentence:
        return sentence
    return f"{sentence} It is {shown(value)}."


def _find(given: Any, path: str) -> Any:
    """What stands at a path such as `panels[0].query`; None where nothing does."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(given, Mapping):
            given = given.get(step)
        elif isinstance(given, list) and step.isdecimal() and int(step) < len(given):
            given = given[int(step)]
        else:
            return None
    return given


def _sentence(errors: dict[str, list[str]]) -> str:
    return " ".join(f"{name}: {' '.join(sentences)}" for name, sentences in errors.items())


def _invalid(error: Any) -> dict[str, Any]:
    errors = _by_field(error.detail)
    return _shape(400, _sentence(errors), errors=errors)


def _refusal(error: Any) -> dict[str, Any]:
    """Another refusal of REST framework's kind; one that concerns a field says so in `errors`."""
    members = {"errors": error.errors} if hasattr(error, "errors") else {}
    return _shape(error.status_code, str(error.detail), **members)


DOCUMENTS: dict[type[Exception], Callable[[Any], dict[str, Any]]] = {
    InvalidInput: lambda error: _shape(400, str(error), errors=error.errors),
    Conflict: lambda error: _shape(409, error.detail, **error.extra),
    Forbidden: lambda error: _shape(403, str(error) or "You may see this, but not do that."),
    exceptions.ValidationError: _invalid,
    RequestDataTooBig: lambda error: _shape(413, "The body is larger than what is taken here."),
    exceptions.APIException: _refusal,
    Http404: lambda error: _shape(404, "There is no such thing, or it is not visible to you."),
    PermissionDenied: lambda error: _shape(403, str(error) or "You may not do that."),
}
