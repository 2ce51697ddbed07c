"""The gate: what was asked and decided, asking by hand, and one check with all that may be said of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from changes.forms.gate import AskForm, FilterForm, WhyForm
from changes.gate import authorise, check, override, refuse, review
from changes.gate.incidents import with_known_incidents
from changes.gate.keeping import LIVE
from changes.gate.reviews import unreviewed
from changes.gate.verdicts import may_authorise, may_override
from changes.models import GateCheck
from notifications import live
from notifications.refusals import press
from oncall.querysets import VisibleToMembers
from oncall.requests import asker, responders

PER_PAGE = 30
MOST_REVIEWS = 10
SAID: dict[str, tuple[Callable[..., GateCheck], str]] = {
    "authorise": (authorise, "Authorised, and kept on record."),
    "refuse": (refuse, "Refused. Whoever asked is told."),
    "override": (override, "It may pass, and the record says that you let it through."),
    "review": (review, "Reviewed, and kept on record."),
}


@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """Everything that was asked: what awaits somebody first, then the newest."""
    form = FilterForm(request.GET)
    shown = _narrowed(_checks(request), form)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    reviews = unreviewed().visible_to(request.user).select_related("service")[:MOST_REVIEWS]
    context = {"page": page, "form": form, "reviews": reviews, "live_token": live.token(LIVE)}
    return render(request, "changes/gate_list.html", context)


@require_http_methods(["GET", "POST"])
def check_ask(request: HttpRequest) -> HttpResponse:
    """Ask by hand, for what no pipeline does."""
    form = AskForm(request.POST or None, initial={"service": request.GET.get("service", "")})
    if request.method == "POST" and form.is_valid():
        return redirect(check(question=form.question(), by=asker(request)))
    return render(request, "changes/gate_ask.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def check_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: the decision, why, who may authorise it, and what was said."""
    return _show(request, _one(request, pk), WhyForm())


@require_POST
@responders
def check_say(request: HttpRequest, pk: int) -> HttpResponse:
    """Authorise, refuse, override or review it: as the button says that was pressed."""
    found, form = _one(request, pk), WhyForm(request.POST)
    act, done = SAID.get(request.POST.get("say", ""), (None, ""))
    if act is None or not form.is_valid():
        return _show(request, found, form, status=422)
    say = partial(act, check=found, by=asker(request), why=form.cleaned_data["why"])
    return press(request, say, done=done, to=found.get_absolute_url())


def _checks(request: HttpRequest) -> VisibleToMembers:
    related = ("service", "asked_by", "author", "template", "freeze", "change")
    return GateCheck.objects.visible_to(request.user).select_related(*related)


def _one(request: HttpRequest, pk: int) -> GateCheck:
    teams = ("service__dev_team", "service__ops_team")
    return get_object_or_404(_checks(request).select_related(*teams).prefetch_related("verdicts"), pk=pk)


def _narrowed(checks: Any, form: FilterForm) -> Any:
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("service"):
        checks = checks.filter(service=given["service"])
    if given.get("environment"):
        checks = checks.filter(environment__iexact=given["environment"])
    if given.get("decision"):
        checks = checks.filter(decision=given["decision"])
    waits = When(decision=GateCheck.Decision.AWAITING, expires_at__gt=timezone.now(), then=Value(0))
    first = Case(waits, default=Value(1), output_field=IntegerField())
    return checks.order_by(first, "-asked_at", "-pk")


def _show(request: HttpRequest, found: GateCheck, form: WhyForm, status: int = 200) -> HttpResponse:
    person = asker(request)
    may, over = may_authorise(found, person), may_override(found, person)
    reviewed = any(verdict.kind == "reviewed" for verdict in found.verdicts.all())
    own = person.pk in (found.author_id, found.asked_by_id)
    [shown] = with_known_incidents([found], person)
    context = {
        "check": shown,
        "form": form,
        "may_authorise": may,
        "may_refuse": may or (shown.decision_now == "awaiting" and own and person.is_responder),
        "may_override": over,
        "may_review": bool(shown.review_due_at) and not reviewed and not own and person.is_responder,
        "review_open": bool(shown.review_due_at) and not reviewed,
        "own": own,
        "live_token": live.token(LIVE),
    }
    return render(request, "changes/gate_detail.html", context, status=status)
