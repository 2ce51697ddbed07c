"""Questions asked of incidents. Each starts from what the asker may see."""

from __future__ import annotations

from typing import Any

from django.db import models

OPEN = ("investigating", "identified", "monitoring")


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> IncidentQuerySet:
        """Public incidents, and the private ones this person takes part in; the same for administrators."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(models.Q(private=False) | models.Q(pk__in=user.incidents.values("pk")))

    def hidden_from(self, user: Any) -> IncidentQuerySet:
        """Private incidents this person takes no part in: what links to them is hidden too."""
        return self.filter(private=True).exclude(pk__in=user.incidents.values("pk"))

    def open(self) -> IncidentQuerySet:
        return self.filter(status__in=OPEN)

    def counted(self) -> IncidentQuerySet:
        """Those that figures count: no practice, no false alarm, nothing merged into another."""
        return self.filter(practice=False, merged_into=None).exclude(status="cancelled")


class TimelineQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> TimelineQuerySet:
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(models.Q(incident__private=False) | models.Q(incident__in=user.incidents.values("pk")))
