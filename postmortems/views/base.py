"""What every page here needs: the object or 404, and what a service refuses said where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django_htmx.middleware import HtmxDetails

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall.models import Person
from postmortems.models import Article, Postmortem, Problem

PAGE_SIZE = 50


class Request(HttpRequest):
    """Of somebody who is signed in, which the middleware sees to; perhaps by htmx."""

    user: Person
    htmx: HtmxDetails


def postmortem_or_404(request: Request, number: int) -> Postmortem:
    return get_object_or_404(Postmortem.objects.visible_to(request.user), number=number)


def problem_or_404(request: Request, number: int) -> Problem:
    return get_object_or_404(Problem.objects.visible_to(request.user), number=number)


def article_or_404(request: Request, number: int) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user), number=number)


def may_write(user: Any) -> bool:
    """Whether the page offers what only responders may do; the services decide."""
    return user.is_superuser or user.role in (Person.Role.RESPONDER, Person.Role.ADMINISTRATOR)


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> Any:
    """`act` on the form's cleaned data. None when the form or the service refuses: the form then says why, by field."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except InvalidInput as refusal:
        for name, sentences in refusal.errors.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    except Conflict as refusal:
        form.add_error(None, refusal.detail)
    except Forbidden as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return None


def press(request: Request, act: Callable[[], object], *, said: str, back: str) -> HttpResponse:
    """A button with nothing to fill in: do it, say so, and go back; a refusal is said instead."""
    try:
        act()
    except (InvalidInput, Conflict) as refusal:
        messages.error(request, str(refusal))
    except Forbidden as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    else:
        messages.success(request, said)
    return redirect(back)


def pages(request: Request, rows: QuerySet[Any]) -> tuple[Page[Any], str]:
    """The page that was asked for, and the other parameters of the address for the links to its neighbours."""
    query = request.GET.copy()
    query.pop("page", None)
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), query.urlencode()


def asked(request: Request) -> dict[str, str]:
    """The filters of the address, without the NUL characters that no row can hold."""
    return {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
