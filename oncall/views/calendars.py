"""The addresses of a person's calendars."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from notifications.refusals import press
from oncall import services
from oncall.models import Person
from oncall.requests import asker


@require_POST
def calendar_reset(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return press(
        request,
        partial(services.reset_calendar, person=person, by=asker(request)),
        done="The calendar addresses are new; those given out before are refused.",
        to=reverse("oncall:person", args=[pk]),
    )
