"""Pages: mine and open, one with its log and who was told when, and the answers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications import live
from notifications.refusals import carry_out, press, status_of
from oncall import paging
from oncall.forms.pages import PageForm, ReassignForm, SnoozeForm
from oncall.models import Escalation, Page
from oncall.paging.answers import require_answerer
from oncall.paging.attempts import attempts_of
from oncall.requests import asker, responders

SHOWN = ("mine", "open", "all")


@require_GET
def page_list(request: HttpRequest) -> HttpResponse:
    """Open pages sent to the viewer, all that are open, or all (`show`)."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "mine"
    pages = _pages(request)
    mine = pages.open().filter(notices__person=asker(request), notices__shadow=False).distinct()  # type: ignore[attr-defined]
    shown = {"mine": mine, "open": pages.open(), "all": pages}  # type: ignore[attr-defined]
    labels = {"mine": "Mine", "open": "Open", "all": "All"}
    tabs = [{"label": labels[name], "href": f"?show={name}", "current": name == show} for name in SHOWN]
    page = Paginator(shown[show], 50).get_page(request.GET.get("page"))
    return render(request, "oncall/page_list.html", {"page": page, "tabs": tabs, "show": show})


@require_GET
def page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(_pages(request), pk=pk)
    context = {
        "page": page,
        "entries": page.log.select_related("person"),
        "attempts": attempts_of(page),
        "may_answer": paging.may_acknowledge(page, request.user),
        "waits": page.state == Page.State.TRIGGERED,
        "snooze": SnoozeForm(),
        "live_token": live.token(f"page:{page.pk}"),
    }
    return render(request, "oncall/page_detail.html", context)


@require_http_methods(["GET", "POST"])
@responders
def page_new(request: HttpRequest) -> HttpResponse:
    """Page somebody by hand; `service` says for what the form begins."""
    form = PageForm(request.POST or None, initial={"service": request.GET.get("service"), "urgency": "high"})
    if request.method == "POST" and (made := carry_out(form, partial(paging.page, by=asker(request)))):
        return redirect("oncall:page", made.pk)
    return render(request, "oncall/page_form.html", {"form": form}, status=status_of(form))


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(
        request, pk, lambda page: paging.acknowledge(page=page, person=asker(request), via="web"), "It is yours."
    )


@require_POST
def escalate(request: HttpRequest, pk: int) -> HttpResponse:
    seat = request.POST.get("seat", "")
    return _answer(
        request,
        pk,
        lambda page: paging.escalate_now(page=page, by=asker(request), seat=seat),
        "The next step is paged.",
    )


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the page, or one side of it, to somebody else."""
    page = get_object_or_404(_pages(request), pk=pk)
    require_answerer(page, asker(request))
    sides = [side.seat for side in page.escalations.all() if side.seat]
    form = ReassignForm(request.POST if request.method == "POST" else None, sides=sides)
    if request.method == "POST" and carry_out(form, partial(paging.reassign, page=page, by=asker(request))):
        return redirect("oncall:page", pk)
    return render(request, "oncall/page_reassign.html", {"form": form, "page": page}, status=status_of(form))


@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, lambda page: paging.resolve(page=page, by=asker(request)), "The page is over.")


@require_POST
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    form = SnoozeForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 30
    until = timezone.now() + timedelta(minutes=minutes)
    return _answer(request, pk, lambda page: paging.snooze(page=page, by=asker(request), until=until), "Snoozed.")


def _pages(request: HttpRequest) -> QuerySet[Page]:
    pages = Page.objects.visible_to(request.user).select_related("service", "team", "person", "created_by")
    sides = Escalation.objects.select_related("acknowledged_by", "to_person", "to_team")
    return pages.prefetch_related(Prefetch("escalations", sides))


def _answer(request: HttpRequest, pk: int, do: Any, done: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.visible_to(request.user), pk=pk)
    return press(request, lambda: do(page), done=done, to=reverse("oncall:page", args=[pk]))
