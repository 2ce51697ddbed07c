"""What there is to read: the post-mortem of the month, the reading club, what was published, and who hears of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from notifications.refusals import carry_out, press
from oncall.models import Person
from oncall.requests import Request
from postmortems import services
from postmortems.forms.learning import EditSessionForm, OfTheMonthForm, SessionForm, SubscriptionForm
from postmortems.models import OfTheMonth, Postmortem, ReadingSession, Subscription
from postmortems.text import rendering

RECENT = 10
CHOICE = 200
PAST = 10


def context(request: Request, postmortem: Postmortem) -> dict[str, Any]:
    """For the page of a post-mortem: note that it was read, and how many have."""
    if postmortem.status != Postmortem.Status.PUBLISHED:
        return {"readers": 0}
    services.note_reading(postmortem=postmortem, by=request.user)
    return {"readers": postmortem.readings.count()}


@require_GET
def learning(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
    published = _published(request)
    sessions = _sessions(request)
    now = timezone.now()
    recent = published.filter(imported_at=None).prefetch_related("incidents__services", "services", "factors")
    shown = {
        "of_the_month": OfTheMonth.objects.visible_to(request.user).select_related("postmortem").first(),
        "upcoming": list(sessions.filter(at__gte=now, cancelled_at=None).order_by("at")),
        "past": list(sessions.filter(at__lt=now, cancelled_at=None)[:PAST]),
        "recent": list(recent.annotate(readers=Count("readings", distinct=True))[:RECENT]),
        "subscriptions": list(
            Subscription.objects.filter(person=request.user).select_related("service", "team", "factor")
        ),
        "may_write": request.user.is_responder,
        "month_form": OfTheMonthForm(published=published[:CHOICE], prefix="month"),
        "session_form": SessionForm(published=published[:CHOICE], prefix="session"),
        "subscription_form": SubscriptionForm(prefix="hear"),
    }
    return render(request, "postmortems/learning.html", shown | forms, status=status)


def _published(request: Request) -> QuerySet[Postmortem]:
    return Postmortem.objects.visible_to(request.user).published().order_by("-published_at", "-number")


def _sessions(request: Request) -> QuerySet[ReadingSession]:
    readers: Prefetch[Any] = Prefetch("readers", Person.objects.order_by("name"))
    rows = ReadingSession.objects.visible_to(request.user).select_related("postmortem", "host")
    return rows.prefetch_related(readers)


@require_POST
def choose_of_the_month(request: Request) -> HttpResponse:
    form = OfTheMonthForm(request.POST, published=_published(request), prefix="month")
    if carry_out(form, partial(services.choose_of_the_month, by=request.user)):
        return redirect("postmortems:learning")
    return _page(request, month_form=form, status=422)


@require_POST
def plan_session(request: Request) -> HttpResponse:
    form = SessionForm(request.POST, published=_published(request), prefix="session")
    if planned := carry_out(form, partial(services.plan_session, by=request.user)):
        return redirect("postmortems:reading-session", planned.pk)
    return _page(request, session_form=form, status=422)


@require_POST
def subscribe(request: Request) -> HttpResponse:
    form = SubscriptionForm(request.POST, prefix="hear")
    if carry_out(form, partial(services.subscribe, by=request.user)):
        return redirect("postmortems:learning")
    return _page(request, subscription_form=form, status=422)


@require_POST
def unsubscribe(request: Request, pk: int) -> HttpResponse:
    subscription = get_object_or_404(Subscription, pk=pk, person=request.user)
    return press(
        request,
        partial(services.unsubscribe, subscription=subscription),
        done="You hear no more of it.",
        to="/learning/",
    )


def session(request: Request, pk: int) -> HttpResponse:
    """One session of the reading club: what is read, what is asked, who comes, what came out of it."""
    found = get_object_or_404(_sessions(request), pk=pk)
    initial = {name: getattr(found, name) for name in ("at", "place", "questions", "findings")}
    form = EditSessionForm(
        request.POST if request.method == "POST" else None, initial=initial | {"host": found.host_id}
    )
    if request.method == "POST" and carry_out(form, partial(services.edit_session, session=found, by=request.user)):
        return redirect("postmortems:reading-session", pk)
    shown = {
        "session": found,
        "form": form,
        "questions": rendering.to_html(found.questions),
        "findings": rendering.to_html(found.findings),
        "coming": request.user in found.readers.all(),
        "over": found.at < timezone.now(),
        "may_write": request.user.is_responder,
    }
    return render(request, "postmortems/reading_session.html", shown, status=422 if form.errors else 200)


@require_POST
def come_along(request: Request, pk: int) -> HttpResponse:
    """`coming` is "yes", or "no" for those who after all do not."""
    found = get_object_or_404(ReadingSession.objects.visible_to(request.user), pk=pk)
    coming = request.POST.get("coming") != "no"
    return press(
        request,
        partial(services.come_along, session=found, by=request.user, coming=coming),
        done="You come along." if coming else "You do not come.",
        to=f"/reading-club/{pk}/",
    )


@require_POST
def cancel_session(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(ReadingSession.objects.visible_to(request.user), pk=pk)
    return press(
        request,
        partial(services.cancel_session, session=found, by=request.user),
        done="It is cancelled; those who were to come are told.",
        to="/learning/",
        back=f"/reading-club/{pk}/",
    )
