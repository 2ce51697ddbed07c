"""Letting somebody in: the link an administrator hands over, and the page it leads to."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from notifications.errors import Conflict, Forbidden
from notifications.refusals import carry_out, status_of
from oncall import services
from oncall.forms.people import JoinForm
from oncall.models import Person
from oncall.requests import administrators, asker


@require_POST
@never_cache
@administrators
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link, shown once."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    try:
        return show(request, person)
    except Conflict as refused:
        messages.error(request, refused.detail)
        return redirect("oncall:person", pk)


def show(request: HttpRequest, person: Person) -> HttpResponse:
    link = services.invitation_link(person=person, by=asker(request))
    return render(request, "oncall/invitation.html", {"person": person, "link": link}, status=201)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A password; then they are signed in, unless they have a second factor: then they sign in with both."""
    form = JoinForm(request.POST or None)
    try:
        person = services.invited(token)
        if request.method == "POST" and (joined := carry_out(form, partial(services.accept_invitation, token))):
            if joined.authenticator_set.exists():
                messages.success(request, "Your password is set. Sign in with it and your second factor.")
                return redirect("account_login")
            login(request, joined, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("oncall:person", joined.pk)
    except Forbidden as error:
        return render(request, "oncall/link_ended.html", {"detail": str(error)}, status=403)
    return render(request, "oncall/join.html", {"form": form, "person": person}, status=status_of(form))
