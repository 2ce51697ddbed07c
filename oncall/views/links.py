"""The link in a message: what is wrong and one button, without signing in. Looking never acknowledges."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.errors import Conflict, Forbidden
from oncall import paging
from oncall.models import Page, Person
from oncall.paging import links
from oncall.paging.answers import sides_of
from oncall.views.bundle_link import answer_bundle


@login_not_required
@csrf_exempt  # the signed token is the permission, and some mail programs keep no cookies
@never_cache
@require_http_methods(["GET", "POST"])
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the page or the pages, POST acknowledges them as the person the link was sent to."""
    try:
        return answer_bundle(request, token) if links.is_of_bundle(token) else _answer_page(request, token)
    except Forbidden as error:
        return render(request, "oncall/link_ended.html", {"detail": str(error)}, status=403)


def _answer_page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        page, person = links.read(token)
        if person is None:  # a button's value: whom it stands for is known only where the button is
            return redirect("oncall:page", page.pk)
        if request.method == "POST":
            paging.acknowledge(page=page, person=person, via="link")
            return redirect("oncall:link", token)
    except Conflict:
        return redirect("oncall:link", token)
    sides = list(page.escalations.select_related("acknowledged_by"))
    own = sides_of(page, person)
    context = {
        "page": page,
        "person": person,
        "sides": sides,
        "waits": page.state != Page.State.RESOLVED and any(s.seat in own and not s.acknowledged_at for s in sides),
        "others": Person.objects.filter(notices__page=page).exclude(pk=person.pk).distinct(),
    }
    return render(request, "oncall/link.html", context)
