"""Questions asked of post-mortems, actions, problems and articles: privacy comes down from the incidents."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models

from incidents.models import Incident

CLOSED_ACTIONS = ("done", "wont_do")


class FromIncidents(models.QuerySet):
    """What links to incidents is seen by those who may see all of them. `INCIDENTS`: the look-ups that lead there."""

    INCIDENTS: tuple[str, ...] = ()

    def visible_to(self, user: Any) -> Self:
        if not (user.is_authenticated and user.is_active):
            return self.none()
        seen = self
        for path in self.INCIDENTS:
            seen = seen.exclude(**{f"{path}__in": Incident.objects.hidden_from(user).values("pk")})
        return seen

    def open_to_all(self) -> Self:
        """What everybody may be told of: nothing private stands behind it."""
        told = self
        for path in self.INCIDENTS:
            told = told.exclude(**{f"{path}__private": True})
        return told


class PostmortemQuerySet(FromIncidents):
    INCIDENTS = ("incidents",)

    def published(self) -> PostmortemQuerySet:
        return self.filter(status="published")


class ActionQuerySet(FromIncidents):
    INCIDENTS = ("postmortem__incidents", "problems__incidents", "problems__postmortems__incidents")

    def open(self) -> ActionQuerySet:
        return self.exclude(state__in=CLOSED_ACTIONS)

    def overdue(self, today: date) -> ActionQuerySet:
        return self.open().filter(due_on__lt=today)

    def unowned(self) -> ActionQuerySet:
        """Nobody's: without an owner, or with one who left."""
        return self.filter(models.Q(owner=None) | models.Q(owner__is_active=False))


class ProblemQuerySet(FromIncidents):
    INCIDENTS = ("incidents", "postmortems__incidents")

    def unresolved(self) -> ProblemQuerySet:
        return self.exclude(status__in=("resolved", "closed"))

    def known_errors(self) -> ProblemQuerySet:
        """Analysed and not yet removed."""
        return self.unresolved().filter(known_error_at__isnull=False)


class ArticleQuerySet(FromIncidents):
    INCIDENTS = ("postmortems__incidents", "problems__incidents", "problems__postmortems__incidents")

    def visible_to(self, user: Any) -> Self:
        """Of those, articles for the company, of one's own teams, and one's own."""
        mine = models.Q(created_by=user.pk) | models.Q(
            team__in=user.teams.values("pk") if user.is_authenticated else []
        )
        return super().visible_to(user).filter(models.Q(audience="company") | mine)

    def current(self) -> ArticleQuerySet:
        return self.exclude(confidence="archived")

    def with_uses(self) -> Self:
        """Each with `uses_count`, the incidents it helped in. Say the order anew: counting forgets it."""
        return self.annotate(uses_count=models.Count("uses", distinct=True))


class OfPostmortem(FromIncidents):
    """What belongs to one post-mortem is seen by those who may see that."""

    INCIDENTS = ("postmortem__incidents",)


class ExternalIssueQuerySet(FromIncidents):
    INCIDENTS = tuple(f"action__{path}" for path in ActionQuerySet.INCIDENTS)


class TrackerQuerySet(models.QuerySet):
    def live(self) -> TrackerQuerySet:
        """Those that are asked and heard."""
        return self.filter(retired_at=None)


class ExerciseQuerySet(FromIncidents):
    INCIDENTS = ("incident",)


class InterviewNoteQuerySet(OfPostmortem):
    def visible_to(self, user: Any) -> Self:
        """One's own, and those that were released: nobody else's, whatever their role."""
        return super().visible_to(user).filter(models.Q(by=user.pk) | models.Q(released_at__isnull=False))

    def open_to_all(self) -> Self:
        """What was released, of what is not private anyway."""
        return super().open_to_all().filter(released_at__isnull=False)
