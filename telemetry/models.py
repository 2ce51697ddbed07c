"""Alerts that fired, rules for what they lead to, and snapshots of metrics."""

from django.db import models
from django.utils import timezone

from notifications.models import Integration
from oncall.models import Service
from telemetry.querysets import AlertQuerySet, SnapshotQuerySet


class Alert(models.Model):
    """One alert from its start to its end. The same fingerprint and start is the same alert."""

    class Status(models.TextChoices):
        FIRING = "firing", "firing"
        RESOLVED = "resolved", "resolved"

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="alerts", null=True)
    fingerprint = models.CharField(max_length=100)
    group_key = models.CharField(max_length=500, blank=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts")
    service_hint = models.CharField(max_length=200, blank=True, help_text="What the sender called the service.")
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    severity = models.CharField(max_length=60, blank=True, help_text="As the sender labels it.")
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    release = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "fingerprint", "starts_at"], name="alert_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["service", "-starts_at"]),
            models.Index(fields=["-starts_at"], name="alert_unmatched", condition=models.Q(service=None)),
        ]

    def __str__(self) -> str:
        return self.summary or self.name


class AlertRule(models.Model):
    """What a firing alert of a service leads to: an incident of this severity.

    The first rule, by position, all of whose labels the alert carries decides. `{}` matches every alert.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="alert_rules")
    position = models.PositiveSmallIntegerField(default=0)
    labels = models.JSONField(default=dict, blank=True, help_text='Such as {"severity": "critical"}.')
    incident_severity = models.CharField(max_length=4, help_text="sev1 to sev4, or empty: declare nothing.", blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.labels} → {self.incident_severity or 'nothing'}"


class Snapshot(models.Model):
    """A panel's series over a window, kept because the source forgets. Fetched by a worker, never in a request."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        STORED = "stored", "stored"
        FAILED = "failed", "failed"

    about = models.CharField(max_length=80, db_index=True, help_text="What asked for it, as `incident:42`.")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(max_length=100)
    query = models.TextField()
    unit = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Empty while it is still extended.")
    series = models.JSONField(default=list, help_text="[{label, points: [[epoch seconds, value or null]]}]")
    covers_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
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
