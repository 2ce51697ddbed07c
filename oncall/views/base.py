"""What views of this room share: roles at the door, buttons that may be refused, forms whose services speak."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.permissions import require_administrator, require_responder
from oncall.requests import asker

T = TypeVar("T")
View = Callable[..., HttpResponse]


def administrators(view: View) -> View:
    """Only administrators come in."""
    return _admitted(view, require_administrator)


def responders(view: View) -> View:
    """Only responders and administrators come in."""
    return _admitted(view, require_responder)


def _admitted(view: View, require: Callable[[Any], None]) -> View:
    @wraps(view)
    def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            require(asker(request))
            return view(request, *args, **kwargs)
        except Forbidden as error:
            return render(request, "errors/403.html", {"detail": str(error)}, status=403)

    return admitted


def press(request: HttpRequest, do: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Carry out what a button asks for, and go to `to`; a refusal is said there."""
    try:
        do()
    except (Conflict, Forbidden, InvalidInput) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(to)


def carry_out(form: forms.BaseForm, do: Callable[[], T]) -> T | None:
    """What the service returns; None where it refuses, and then the form says why, by field."""
    try:
        return do()
    except InvalidInput as error:
        for field, sentences in error.errors.items():
            name = field if field in form.fields else field.split("[")[0].split(".")[0]
            known = name in form.fields
            for sentence in sentences:
                form.add_error(name if known else None, sentence if known else f"{field}: {sentence}")
    except Conflict as error:
        form.add_error(None, error.detail)
    return None


def status_of(form: forms.BaseForm) -> int:
    """422 for a form that was refused, so that htmx and programs see it too."""
    return 422 if form.is_bound and form.errors else 200
