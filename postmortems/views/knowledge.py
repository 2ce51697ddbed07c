"""Knowledge records: what to do next time."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from incidents.models import Incident
from notifications.errors import InvalidInput
from notifications.refusals import carry_out
from oncall.models import Service
from oncall.requests import Request
from postmortems import services
from postmortems.finding.recall import in_order, ranked_articles
from postmortems.forms.knowledge import ArticleForm, ConfidenceForm, ReviewForm, UseForm
from postmortems.models import Article, ArticleUse, Postmortem, Problem
from postmortems.text import rendering
from postmortems.views.base import article_or_404, page_of, postmortem_or_404, problem_or_404

HEADINGS = {
    "solution": {},
    "runbook": {
        "issue": "When to reach for it: what one sees, or what is about to be done.",
        "resolution": "## Before\n\n## Steps\n\n1. \n\n## How to see that it worked\n\n## How to go back\n",
    },
    "requirement": {
        "issue": "## Statement\n\nThe system shall … while …\n",
        "resolution": "## Measure\n\nWhat is measured, where, and from which value on it is not met.\n",
        "cause": "## Why\n\nWhich incidents taught it.\n",
    },
    "story": {
        "issue": "As …\nI want …\nso that …\n",
        "resolution": "## Acceptance criteria\n\n- [ ] Given … when … then …\n",
        "cause": "## Why\n\nWhich incidents taught it.\n",
    },
}
"""What an article of each kind begins with."""
FIELDS = ("title", "kind", "issue", "environment", "resolution", "cause", "audience", "review_on")


@require_GET
def listing(request: Request) -> HttpResponse:
    """`kind`, `confidence` (all but archived unless told), `service`, `stale` and `q` narrow it; most used first."""
    rows = narrowed(Article.objects.visible_to(request.user), request.GET.dict()).select_related("team")
    rows = rows.prefetch_related("services").annotate(used=Count("uses", distinct=True))
    page = page_of(request, _sorted(rows, request.GET.get("q", ""), request.user))
    context = {
        "page": page,
        "filters": request.GET,
        "kinds": Article.Kind.choices,
        "confidences": Article.Confidence.choices,
        "services": Service.objects.visible_to(request.user),
        "today": timezone.localdate(),
        "may_write": request.user.is_responder,
    }
    return render(request, "postmortems/article_list.html", context)


def narrowed(rows: QuerySet[Article], given: dict[str, str]) -> QuerySet[Article]:
    if given.get("kind") in Article.Kind.values:
        rows = rows.filter(kind=given["kind"])
    if given.get("confidence") in Article.Confidence.values:
        rows = rows.filter(confidence=given["confidence"])
    elif given.get("confidence") != "all":
        rows = rows.exclude(confidence="archived")
    if given.get("service"):
        rows = rows.filter(services__slug=given["service"]).distinct()
    if given.get("stale"):
        rows = rows.filter(review_on__lt=timezone.localdate())
    return rows


def _sorted(rows: QuerySet[Any], q: str, user: object) -> QuerySet[Any]:
    """The most used first; with words, those alone that have them or are like them, the best first."""
    if not q.strip():
        return rows.order_by("-used", "-number")
    return in_order(rows, ranked_articles(q, user))


@require_GET
def detail(request: Request, number: int) -> HttpResponse:
    return _page(request, article_or_404(request, number))


def _page(request: Request, article: Article, status: int = 200, **forms: Any) -> HttpResponse:
    uses = ArticleUse.objects.filter(article=article)
    context = {
        "article": article,
        "texts": [
            (title, rendering.to_html(text))
            for title, text in (
                ("What one meets", article.issue),
                ("What to do", article.resolution),
                ("Where", article.environment),
                ("Why it happens", article.cause),
            )
            if text
        ],
        "uses": uses.count(),
        "shown_uses": uses.filter(incident__in=Incident.objects.visible_to(request.user)).select_related("incident")[
            :20
        ],
        "problems": Problem.objects.visible_to(request.user).filter(articles=article),
        "postmortems": Postmortem.objects.visible_to(request.user).filter(articles=article),
        "confidence_form": ConfidenceForm(initial={"confidence": article.confidence}, prefix="confidence"),
        "use_form": UseForm(prefix="use"),
        "review_form": ReviewForm(prefix="review"),
        "may_write": request.user.is_responder,
        "today": timezone.localdate(),
        **forms,
    }
    return render(request, "postmortems/article_detail.html", context, status=status)


def new(request: Request) -> HttpResponse:
    """Write one; `?postmortem=` and `?problem=` fill in what it comes from, `?kind=` the headings of that kind."""
    form = ArticleForm(request.POST if request.method == "POST" else None, user=request.user, initial=_from(request))
    if request.method == "POST" and (written := carry_out(form, partial(services.write_article, by=request.user))):
        return redirect(written)
    context = {"form": form, "title": "Write an article", "submit": "Save article", "kinds": _kinds(request)}
    return render(request, "postmortems/record_form.html", context, status=422 if form.errors else 200)


def _kinds(request: Request) -> list[tuple[str, str, bool]]:
    """Kind, its name, whether it was chosen."""
    return [(kind, name, kind == request.GET.get("kind", "solution")) for kind, name in Article.Kind.choices]


def _from(request: Request) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    headings = {"kind": kind} | HEADINGS[kind] if kind in HEADINGS else {}
    return headings | _of_record(request)


def _of_record(request: Request) -> dict[str, Any]:
    if request.GET.get("problem", "").isdecimal():
        problem = problem_or_404(request, int(request.GET["problem"][:9]))
        return {
            "title": problem.title,
            "issue": problem.symptoms or problem.statement,
            "resolution": problem.workaround,
            "cause": problem.cause_notes,
            "services": [service.pk for service in problem.services.all()],
            "problems": [problem.pk],
        }
    if request.GET.get("postmortem", "").isdecimal():
        postmortem = postmortem_or_404(request, int(request.GET["postmortem"][:9]))
        body = {section.key: section.body for section in postmortem.sections.all()}
        affected = Service.objects.filter(incidents__in=postmortem.incidents.all()).distinct()
        return {
            "title": postmortem.title,
            "issue": _first(body, "impact", "summary", "overview", "what_happened"),
            "resolution": _first(body, "resolution", "recovery", "mitigators", "what_stopped_it"),
            "cause": _first(body, "trigger", "factors"),
            "services": [service.pk for service in affected],
            "postmortems": [postmortem.pk],
        }
    return {}


def _first(body: dict[str, str], *keys: str) -> str:
    return next((body[key] for key in keys if body.get(key, "").strip()), "")


def edit(request: Request, number: int) -> HttpResponse:
    article = article_or_404(request, number)
    initial = {name: getattr(article, name) for name in FIELDS} | {"team": article.team_id}
    initial |= {name: getattr(article, name).all() for name in ("services", "problems", "postmortems")}
    form = ArticleForm(request.POST if request.method == "POST" else None, user=request.user, initial=initial)
    if request.method == "POST" and carry_out(form, partial(services.edit_article, article=article, by=request.user)):
        return redirect(article)
    context = {
        "form": form,
        "title": f"Edit K{article.number}",
        "submit": "Save article",
        "cancel": article.get_absolute_url(),
    }
    return render(request, "postmortems/record_form.html", context, status=422 if form.errors else 200)


@require_POST
def confidence(request: Request, number: int) -> HttpResponse:
    article = article_or_404(request, number)
    form = ConfidenceForm(request.POST, prefix="confidence")
    if carry_out(form, partial(services.set_confidence, article=article, by=request.user)):
        return redirect(article)
    return _page(request, article, status=422, confidence_form=form)


@require_POST
def still_right(request: Request, number: int) -> HttpResponse:
    """Somebody has read it and it still holds; the next date is given, or half a year away."""
    article = article_or_404(request, number)
    form = ReviewForm(request.POST, prefix="review")
    if carry_out(form, partial(services.review_article, article=article, by=request.user)):
        return redirect(article)
    return _page(request, article, status=422, review_form=form)


@require_POST
def use(request: Request, number: int) -> HttpResponse:
    """It helped in an incident. From the incident's room (`helped`) the button is answered, else the page."""
    article = article_or_404(request, number)
    if request.POST.get("helped", "").isdecimal():
        incident = get_object_or_404(Incident.objects.visible_to(request.user), number=int(request.POST["helped"][:9]))
        form = UseForm({"use-incident": incident.number}, prefix="use")
    else:
        form = UseForm(request.POST, prefix="use")
    if carry_out(form, partial(_record, request, article)):
        if request.htmx:
            return render(request, "postmortems/_helped.html", {"article": article, "done": True})
        return redirect(article)
    return _page(request, article, status=422, use_form=form)


def _record(request: Request, article: Article, *, incident: int) -> ArticleUse:
    found = Incident.objects.visible_to(request.user).filter(number=incident).first()
    if found is None:
        raise InvalidInput(incident=f"There is no incident #{incident} that you may see.")
    return services.record_use(article=article, incident=found, by=request.user)
