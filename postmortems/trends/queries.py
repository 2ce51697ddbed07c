"""The rows that figures are computed from: only what the asker may see, and never practice."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from incidents.models import Incident, Verdict
from postmortems import metrics
from postmortems.models import (
    Action,
    Article,
    Exemption,
    Exercise,
    FactorFinding,
    ImprovementTime,
    Postmortem,
    Problem,
    ReadingSession,
)
from postmortems.trends.filters import Filters


def resolved_incidents(user: Any, filters: Filters) -> list[metrics.IncidentRow]:
    """Incidents resolved in the period."""
    return _incidents(user, filters, _within("resolved_at", filters))


def harmful_incidents(user: Any, filters: Filters) -> list[metrics.IncidentRow]:
    """Incidents restored in the period, or begun before its end and still going on."""
    going_on = Q(mitigated_at=None, started_at__lt=filters.period.until)
    return _incidents(user, filters, _within("mitigated_at", filters) | going_on)


def started_incidents(user: Any, filters: Filters) -> list[metrics.IncidentRow]:
    """Incidents that started in the period."""
    return _incidents(user, filters, _within("started_at", filters))


def confirmed_changes(user: Any, filters: Filters) -> list[metrics.ConfirmedRow]:
    """Incidents that started in the period and of which somebody said that a change had a part."""
    incidents = _chosen(user, filters, _within("started_at", filters))
    rows = incidents.filter(verdicts__verdict=Verdict.Answer.CONFIRMED).annotate(
        rank=Min("verdicts__rank", filter=Q(verdicts__rank__gte=1)), confirmed=Count("verdicts")
    )
    fields = ("number", "title", "severity", "started_at", "rank", "confirmed")
    judged = rows.order_by("-number").values_list(*fields)
    return [metrics.ConfirmedRow(*row) for row in judged]


def published_postmortems(user: Any, filters: Filters) -> list[metrics.PostmortemRow]:
    """Post-mortems first published in the period; those of practice only are left out."""
    published = _counted(Postmortem.objects.visible_to(user), "incidents", filters).filter(
        _within("published_at", filters)
    )
    factors: dict[int, list[str]] = defaultdict(list)
    contributing = FactorFinding.objects.filter(kind="contributing", postmortem__in=published.values("pk"))
    for postmortem, key in contributing.values_list("postmortem", "factor__key"):
        factors[postmortem].append(key)
    rows = published.order_by("-published_at").values_list("pk", "number", "title", "published_at")
    return [metrics.PostmortemRow(number, title, at, tuple(factors[pk])) for pk, number, title, at in rows]


def actions(user: Any, filters: Filters) -> list[metrics.ActionRow]:
    """Actions due before the end of the period; `team` is the owning team."""
    due = _counted(Action.objects.visible_to(user), "postmortem__incidents", Filters(filters.period, filters.service))
    due = due.filter(due_on__lt=filters.period.until.date())
    if filters.team:
        due = due.filter(team__slug=filters.team)
    rows = due.order_by("due_on", "number").values_list("number", "title", "team__name", "state", "due_on", "done_at")
    return [
        metrics.ActionRow(number, title, team or "", state, due_on, _day(done_at))
        for number, title, team, state, due_on, done_at in rows
    ]


def read_postmortems(user: Any, filters: Filters) -> list[metrics.ReadRow]:
    """Post-mortems first published in the period, the most read first."""
    rows = _counted(Postmortem.objects.visible_to(user).published(), "incidents", filters)
    chosen = Postmortem.objects.filter(
        pk__in=rows.filter(_within("published_at", filters), imported_at=None).values("pk")
    )
    read = chosen.annotate(
        readers=Count("readings", distinct=True),
        citations=Count("problems", distinct=True) + Count("articles", distinct=True),
    ).order_by("-readers", "-number")
    fields = ("number", "title", "published_at", "readers", "citations")
    return [metrics.ReadRow(*row) for row in read.values_list(*fields)]


def read_and_played(user: Any, filters: Filters) -> tuple[int, int]:
    """Sessions of the reading club that took place in the period, and exercises that were finished in it."""
    sessions = ReadingSession.objects.visible_to(user).filter(_within("at", filters), cancelled_at=None)
    played = Exercise.objects.visible_to(user).filter(_within("finished_at", filters))
    if (services := filters.services()) is not None:
        sessions = sessions.filter(postmortem__incidents__services__in=services)
        played = played.filter(incident__services__in=services)
    past = sessions.filter(at__lt=timezone.now())
    return past.distinct().count(), played.distinct().count()


def unresolved_problems(user: Any, filters: Filters) -> list[metrics.ProblemRow]:
    """Problems that are not resolved now."""
    visible = Problem.objects.visible_to(user).unresolved()
    if (services := filters.services()) is not None:
        visible = visible.filter(pk__in=Problem.services.through.objects.filter(service__in=services).values("problem"))
    counted = Count("incidents", filter=Q(incidents__practice=False), distinct=True)
    rows = visible.annotate(met=counted).order_by("-number")
    return [
        metrics.ProblemRow(one.number, one.title, one.is_known_error, one.created_at.date(), one.met) for one in rows
    ]


def articles(user: Any, filters: Filters) -> list[metrics.ArticleRow]:
    """Articles that are not archived, with their uses in the period."""
    visible = Article.objects.visible_to(user).current()
    if (services := filters.services()) is not None:
        visible = visible.filter(pk__in=Article.services.through.objects.filter(service__in=services).values("article"))
    seen = Incident.objects.visible_to(user).counted().values("pk")
    used = Q(uses__at__gte=filters.period.since, uses__at__lt=filters.period.until, uses__incident__in=seen)
    rows = visible.annotate(used=Count("uses", filter=used, distinct=True)).order_by("-used", "-number")
    return [
        metrics.ArticleRow(one.number, one.title, one.confidence == "validated", one.review_on, one.used)
        for one in rows
    ]


def improvement_time(filters: Filters) -> list[metrics.TimeRow]:
    """Weeks that begin in the period, of the teams chosen: of a service, those that build or operate it."""
    weeks = ImprovementTime.objects.filter(
        week__gte=filters.period.since.date(), week__lt=filters.period.until.date()
    ).select_related("team")
    if filters.team:
        weeks = weeks.filter(team__slug=filters.team)
    if filters.service:
        of_service = Q(team__developed_services__slug=filters.service) | Q(
            team__operated_services__slug=filters.service
        )
        weeks = weeks.filter(of_service).distinct()
    return [
        metrics.TimeRow(
            slug=one.team.slug,
            team=one.team.name,
            week=one.week,
            planned=float(one.planned_hours),
            spent=None if one.spent_hours is None else float(one.spent_hours),
            note=one.note,
        )
        for one in weeks
    ]


def _chosen(user: Any, filters: Filters, condition: Q) -> QuerySet[Incident]:
    incidents = Incident.objects.visible_to(user).counted().filter(condition)
    if (services := filters.services()) is not None:
        through = Incident.services.through.objects.filter(service__in=services)
        incidents = incidents.filter(pk__in=through.values("incident"))
    return incidents


def _incidents(user: Any, filters: Filters, condition: Q) -> list[metrics.IncidentRow]:
    incidents = _chosen(user, filters, condition)
    of_this = Postmortem.objects.filter(incidents=OuterRef("pk")).order_by()
    first = of_this.values("incidents").annotate(first=Min("published_at")).values("first")
    rows = incidents.annotate(
        exempted=Exists(Exemption.objects.filter(incident=OuterRef("pk"))),
        published_at=Subquery(first),
        has_postmortem=Exists(of_this),
    ).order_by("-number")
    fields = ("number", "title", "severity", "source", "started_at", "detected_at", "mitigated_at", "resolved_at")
    values = rows.values_list(*fields, "exempted", "published_at", "has_postmortem")
    return [metrics.IncidentRow(*row) for row in values]


def _counted(rows: QuerySet, path: str, filters: Filters) -> Any:
    """Rows of counted incidents of the chosen services, and, where no service is chosen, those without incident."""
    incidents = Incident.objects.counted()
    if (services := filters.services()) is not None:
        return rows.filter(**{f"{path}__in": incidents.filter(services__in=services).values("pk")}).distinct()
    return rows.filter(Q(**{f"{path}__in": incidents.values("pk")}) | Q(**{path: None})).distinct()


def _within(field: str, filters: Filters) -> Q:
    return Q(**{f"{field}__gte": filters.period.since, f"{field}__lt": filters.period.until})


def _day(at: datetime | None) -> Any:
    return timezone.localdate(at) if at else None
