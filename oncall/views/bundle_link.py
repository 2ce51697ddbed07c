"""The link in a message that tells of many pages: the list and one button. Looking never acknowledges."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from oncall.models import Bundle, Escalation, Page, PageLogEntry
from oncall.paging import links
from oncall.paging.answering_all import acknowledge_all, pages_of


def answer_bundle(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the pages of a bundle, POST acknowledges them all as the person they were told to. Raises Forbidden."""
    bundle = links.read_bundle(token)
    if request.method == "POST":
        acknowledge_all(bundle=bundle, via="link")
        return redirect("oncall:link", token)
    pages = pages_of(bundle)
    context = {"person": bundle.person, "at": bundle.created_at, "pages": pages, "waiting": _waiting(bundle, pages)}
    return render(request, "oncall/link_of_many.html", context)


def _waiting(bundle: Bundle, pages: list[Page]) -> set[int]:
    """Those with an open side for which the person was asked."""
    open_ = [page.pk for page in pages if page.state != Page.State.RESOLVED]
    sides = Escalation.objects.open().filter(page__in=open_).values_list("page", "seat")
    asked = PageLogEntry.objects.filter(person=bundle.person, page__in=open_, kind="notified")
    return {page for page, _ in set(sides) & set(asked.values_list("page", "seat"))}
