"""What programs call: a slash too many or too few does no harm, and every error is a problem document."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import is_valid_path

from notifications.problems import CONTENT_TYPE, problem

ADDRESSES = ("/api/", "/hooks/", "/e/", "/slack/")
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
DETAILS = {
    404: "There is nothing at {path}.",
    405: "{method} is not taken at {path}.",
    500: "Something broke on our side; it has been written to the log.",
}


class ForPrograms:
    """Middleware for the addresses that programs call; pages for people pass, but with a NUL in their query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADDRESSES):
            if "%00" in request.META["QUERY_STRING"]:
                raise SuspiciousOperation("PostgreSQL takes no NUL, so there is nothing to look for with one.")
            return self.get_response(request)
        if "\x00" in request.path_info:  # PostgreSQL takes no NUL, so nothing is called so
            return _told(request, HttpResponseNotFound())
        request.path_info = _known(request.path_info)
        response = self.get_response(request)
        if response.status_code < 400 or response.get("Content-Type") == CONTENT_TYPE:
            return response
        return _told(request, response)


def _known(path: str) -> str:
    """The path, or its other form where only that is one of ours: a redirected POST would lose its body."""
    other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    return other if not is_valid_path(path) and is_valid_path(other) else path


def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    detail = DETAILS.get(status, status.description or status.phrase)
    document = problem(status, status.phrase, detail.format(path=request.path, method=request.method))
    for name in KEPT_HEADERS:
        if name in response:
            document[name] = response[name]
    return document
