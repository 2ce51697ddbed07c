"""Questions asked of post-mortems, actions, problems and articles: privacy comes down from the incidents."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from incidents.models import Incident

CLOSED_ACTIONS = ("done", "wont_do")


def _hidden_incidents(user: Any) -> models.QuerySet:
    return Incident.objects.exclude(pk__in=Incident.objects.visible_to(user).values("pk")).values("pk")


class PostmortemQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> PostmortemQuerySet:
        """Those none of whose incidents is hidden from this person."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        hidden = self.model.incidents.through.objects.filter(
            postmortem=models.OuterRef("pk"), incident__in=_hidden_incidents(user)
        )
        return self.exclude(models.Exists(hidden))

    def published(self) -> PostmortemQuerySet:
        return self.filter(status="published")


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ActionQuerySet:
        """Actions of no post-mortem, or of one that this person may see."""
        visible = self.model.postmortem.field.related_model.objects.visible_to(user)
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(models.Q(postmortem=None) | models.Q(postmortem__in=visible.values("pk")))

    def open(self) -> ActionQuerySet:
        return self.exclude(state__in=CLOSED_ACTIONS)

    def overdue(self, today: date) -> ActionQuerySet:
        return self.open().filter(due_on__lt=today)


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ProblemQuerySet:
        """Problems, but those that came only from incidents hidden from this person."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        links = self.model.incidents.through.objects.filter(problem=models.OuterRef("pk"))
        hidden = links.filter(incident__in=_hidden_incidents(user))
        return self.exclude(models.Exists(hidden))

    def unresolved(self) -> ProblemQuerySet:
        return self.exclude(status__in=("resolved", "closed"))

    def known_errors(self) -> ProblemQuerySet:
        """Analysed and not yet removed."""
        return self.unresolved().filter(known_error_at__isnull=False)


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> ArticleQuerySet:
        """Articles for the company, those of one's own teams, and none drawn from a hidden post-mortem."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        postmortems = self.model.postmortems.through.objects.filter(article=models.OuterRef("pk"))
        visible = self.model.postmortems.field.related_model.objects.visible_to(user).values("pk")
        return self.exclude(models.Exists(postmortems.exclude(postmortem__in=visible))).filter(
            models.Q(audience="company") | models.Q(team__members=user) | models.Q(created_by=user)
        ).distinct()

    def current(self) -> ArticleQuerySet:
        return self.exclude(confidence="archived")
