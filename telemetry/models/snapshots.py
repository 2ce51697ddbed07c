"""Snapshots of metrics and logs."""

from django.db import models
from django.utils import timezone

from oncall.models import Panel, Service
from telemetry.querysets import SnapshotQuerySet
from telemetry.series import has_points


class Snapshot(models.Model):
    """What a panel showed over a window, kept because the source forgets. Fetched by a worker, never in a request."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        STORED = "stored", "stored"
        FAILED = "failed", "failed"

    about = models.CharField(max_length=80, db_index=True, help_text="What asked for it, as `incident:42`.")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(max_length=100)
    source = models.CharField(
        max_length=10, choices=Panel.Source.choices, default=Panel.Source.PROMETHEUS, db_default=Panel.Source.PROMETHEUS
    )
    query = models.TextField()
    unit = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Empty while it is still extended.")
    series = models.JSONField(default=list, help_text="[{label, points: [[epoch seconds, value or null]]}]")
    week_before = models.JSONField(
        null=True, blank=True, help_text="The same window a week earlier, as `series`; null: not fetched."
    )
    log_lines = models.JSONField(null=True, blank=True, help_text="From Loki: [[epoch seconds, stream, line]].")
    steps = models.JSONField(
        null=True, blank=True, help_text="Where its level shifted (telemetry/kept_steps.py); null: not looked for."
    )
    covers_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True, default=timezone.now, help_text="When it was first wanted.")
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["service", "id"]
        constraints = [models.UniqueConstraint(fields=["about", "service", "name"], name="snapshot_once")]
        indexes = [models.Index(fields=["next_at"], name="snapshot_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.name} for {self.about}"

    @property
    def is_look(self) -> bool:
        """Whether somebody merely looks at a service; nothing is told of it, and it is soon forgotten."""
        return self.about.startswith("service:")

    @property
    def has_data(self) -> bool:
        """Whether there is a point or a line to see."""
        return bool(self.log_lines) or has_points(self.series)
