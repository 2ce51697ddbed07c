"""What a service refuses, said on the page that asked: in the form, or after the button.

`Forbidden` is not caught here: it becomes the page that says who may do this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from notifications.errors import Conflict, InvalidInput

CONFLICT = "conflict"


def carry_out(form: forms.Form, do: Callable[..., Any]) -> Any:
    """What `do` returns, given what was filled in; None where the form or the service refuses, and then the form says
    why, by field."""
    if not form.is_valid():
        return None
    try:
        return do(**form.cleaned_data)
    except (InvalidInput, Conflict) as refusal:
        explain(form, refusal)
    return None


def explain(form: forms.BaseForm, refusal: InvalidInput | Conflict) -> None:
    """Put a service's sentences at the fields they name (`panels[0].query` is of `panels`), else above them all."""
    if isinstance(refusal, Conflict):
        form.add_error(None, ValidationError(refusal.detail, code=CONFLICT))
        return
    for field, sentences in refusal.errors.items():
        name = field if field in form.fields else field.split("[")[0].split(".")[0]
        known = name in form.fields
        for sentence in sentences:
            form.add_error(name if known else None, sentence if known else f"{field}: {sentence}")


def status_of(form: forms.BaseForm) -> int:
    """422 for a form that was refused, 409 where it does not fit the present state, so that programs see it too."""
    if not (form.is_bound and form.errors):
        return 200
    return 409 if form.has_error(NON_FIELD_ERRORS, CONFLICT) else 422


def press(request: HttpRequest, do: Callable[[], Any], *, done: str, to: str, back: str = "") -> HttpResponse:
    """Carry out what a button asks for, say so, and go to `to`; a refusal is said at `back`, or there too."""
    try:
        do()
    except (InvalidInput, Conflict) as refusal:
        messages.error(request, str(refusal))
        return redirect(back or to)
    messages.success(request, done)
    return redirect(to)
