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
        takes_part = self.model.participants.through.objects.filter(incident=models.OuterRef("pk"), person=user)
        return self.filter(models.Q(private=False) | models.Exists(takes_part))

    def open(self) -> IncidentQuerySet:
        return self.filter(status__in=OPEN)

    def counted(self) -> IncidentQuerySet:
        """Those that figures count: no practice, no false alarm, nothing merged into another."""
        return self.filter(practice=False, merged_into=None).exclude(status="cancelled")


class TimelineQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> TimelineQuerySet:
        incidents = self.model.incident.field.related_model.objects.visible_to(user)
        return self.filter(incident__in=incidents)
