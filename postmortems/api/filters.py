"""Narrowing the lists of this room."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone

from notifications.filters import MomentFilter
from postmortems.finding.recall import ranked_articles, ranked_problems
from postmortems.models import Action, Article, Postmortem, Problem


class PostmortemFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Postmortem.Status.choices)
    incident = filters.NumberFilter(field_name="incidents__number")
    service = filters.CharFilter(field_name="incidents__services__slug", distinct=True)
    factor = filters.CharFilter(field_name="findings__factor__key", distinct=True)
    since = MomentFilter(field_name="opened_at", lookup_expr="gte")
    until = MomentFilter(field_name="opened_at", lookup_expr="lt")

    class Meta:
        model = Postmortem
        fields: list[str] = []


class ActionFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=[("open", "open"), *Action.State.choices], method="by_state")
    overdue = filters.BooleanFilter(method="by_overdue")
    owner = filters.CharFilter(field_name="owner__email", lookup_expr="iexact", help_text="E-mail address.")
    team = filters.CharFilter(field_name="team__slug")
    postmortem = filters.NumberFilter(field_name="postmortem__number")
    kind = filters.ChoiceFilter(choices=Action.Kind.choices)
    priority = filters.ChoiceFilter(choices=Action.Priority.choices)
    unowned = filters.BooleanFilter(method="by_unowned", help_text="Without an owner, or with one who left.")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")

    class Meta:
        model = Action
        fields: list[str] = []

    def by_state(self, actions: Any, name: str, state: str) -> Any:
        return actions.open() if state == "open" else actions.filter(state=state)

    def by_unowned(self, actions: Any, name: str, wanted: bool) -> Any:
        return actions.unowned() if wanted else actions.filter(owner__is_active=True)

    def by_overdue(self, actions: Any, name: str, wanted: bool) -> Any:
        late = Action.objects.overdue(timezone.localdate()).values("pk")
        return actions.filter(pk__in=late) if wanted else actions.exclude(pk__in=late)


class ProblemFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=[("unresolved", "unresolved"), *Problem.Status.choices], method="by_status")
    known_error = filters.BooleanFilter(method="by_known_error")
    category = filters.CharFilter(field_name="category__key")
    q = filters.CharFilter(method="by_words", help_text="What one sees, in whatever words.")
    service = filters.CharFilter(field_name="services__slug", distinct=True)
    team = filters.CharFilter(field_name="team__slug")
    incident = filters.NumberFilter(field_name="incidents__number")

    class Meta:
        model = Problem
        fields: list[str] = []

    def by_status(self, problems: Any, name: str, status: str) -> Any:
        return problems.unresolved() if status == "unresolved" else problems.filter(status=status)

    def by_words(self, problems: Any, name: str, words: str) -> Any:
        return problems.filter(pk__in=ranked_problems(words, self.request.user))

    def by_known_error(self, problems: Any, name: str, wanted: bool) -> Any:
        known = Problem.objects.known_errors().values("pk")
        return problems.filter(pk__in=known) if wanted else problems.exclude(pk__in=known)


class ArticleFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Article.Kind.choices)
    confidence = filters.ChoiceFilter(choices=Article.Confidence.choices)
    service = filters.CharFilter(field_name="services__slug", distinct=True)
    team = filters.CharFilter(field_name="team__slug")
    q = filters.CharFilter(method="by_words")
    stale = filters.BooleanFilter(method="by_stale", help_text="Whose date of review has come.")

    class Meta:
        model = Article
        fields: list[str] = []

    def by_words(self, articles: QuerySet, name: str, words: str) -> QuerySet:
        return articles.filter(pk__in=ranked_articles(words, self.request.user))

    def by_stale(self, articles: QuerySet, name: str, wanted: bool) -> QuerySet:
        late = Article.objects.current().filter(review_on__lte=timezone.localdate()).values("pk")
        return articles.filter(pk__in=late) if wanted else articles.exclude(pk__in=late)
