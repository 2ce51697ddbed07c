"""The first administrator, from the link that the first start prints."""

from __future__ import annotations

from functools import partial

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from notifications.errors import Forbidden
from notifications.refusals import carry_out, status_of
from oncall.forms.settings import WelcomeForm
from oncall.services import redeem
from oncall.services.welcome import check


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Name, address and password; then they are signed in. The link works once."""
    form = WelcomeForm(request.POST or None)
    try:
        check(token)
        if request.method == "POST" and (person := carry_out(form, partial(redeem, token))):
            login(request, person, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("incidents:home")
    except Forbidden as error:
        return render(request, "oncall/link_ended.html", {"detail": str(error)}, status=403)
    return render(request, "oncall/welcome.html", {"form": form}, status=status_of(form))
