"""Settings: where each tab leads, and the viewer's API tokens."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.refusals import carry_out, press, status_of
from oncall import services
from oncall.forms.settings import TokenForm
from oncall.models import ApiToken
from oncall.requests import asker


@require_GET
def settings_home(request: HttpRequest) -> HttpResponse:
    """The first tab that the viewer may use."""
    return redirect("oncall:integrations" if asker(request).is_administrator else "oncall:tokens")


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The viewer's tokens; a new one is shown in the answer that makes it, and never again."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST":
        made = carry_out(form, partial(services.create_token, person=asker(request), by=asker(request)))
        form = TokenForm() if made else form
    own = ApiToken.objects.filter(user=asker(request))
    context = {"form": form, "tokens": own, "made": made[0] if made else None, "text": made[1] if made else ""}
    return render(request, "oncall/tokens.html", context, status=201 if made else status_of(form))


@require_POST
def token_revoke(request: HttpRequest, pk: str) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk, user=asker(request))
    return press(
        request,
        partial(services.revoke_token, token=token, by=asker(request)),
        done="The token no longer works.",
        to=reverse("oncall:tokens"),
    )
