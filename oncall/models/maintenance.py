"""Planned work: while it lasts, alerts of its services are kept and page nobody."""

from datetime import UTC

from django.db import models
from django.utils import timezone

from oncall.models.catalogue import Service
from oncall.models.people import Person
from oncall.querysets import MaintenanceQuerySet


class Maintenance(models.Model):
    """A window in which these services are worked on. What still fires when it is over pages then."""

    services = models.ManyToManyField(Service, related_name="maintenance")
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.CharField(max_length=200)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "maintenance"
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="maintenance_ends_after_start")
        ]
        indexes = [models.Index(fields=["end"])]

    def __str__(self) -> str:
        return f"{self.reason}, {self.start:%Y-%m-%d %H:%M} – {self.end:%Y-%m-%d %H:%M} UTC"

    @property
    def told_end(self) -> str:
        """For logs, which are read in any zone."""
        return f"{self.end.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    @property
    def state(self) -> str:
        """`upcoming`, `current` or `over`, at this moment."""
        now = timezone.now()
        if self.start > now:
            return "upcoming"
        return "current" if self.end > now else "over"
