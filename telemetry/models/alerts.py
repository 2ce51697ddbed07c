"""Alerts that fired, and rules for what they lead to."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from notifications.models import Integration
from oncall.models import Page, Service
from telemetry.querysets import AlertQuerySet


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
    held_at = models.DateTimeField(
        null=True, blank=True, help_text="Its service was in maintenance; it pages if it still fires afterwards."
    )

    flapping_since = models.DateTimeField(
        null=True, blank=True, help_text="It fires and resolves again and again; it pages once for all of it."
    )
    outcome = models.TextField(blank=True, db_default="", help_text="What it led to, and why.")
    page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="What a rule paged for it."
    )

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
            models.Index(
                fields=["held_at"], name="alert_held", condition=models.Q(held_at__isnull=False, status="firing")
            ),
        ]

    def __str__(self) -> str:
        return self.summary or self.name

    def get_absolute_url(self) -> str:
        return f"/alerts/{self.pk}/"

    @property
    def is_held(self) -> bool:
        """Whether it waits for the end of maintenance, or for having fired long enough that it flaps no more."""
        return self.held_at is not None and self.status == self.Status.FIRING

    @property
    def lasted(self) -> timedelta:
        """From its start to its end, or until now."""
        return max((self.ends_at or timezone.now()) - self.starts_at, timedelta())


class AlertRule(models.Model):
    """What a firing alert of a service leads to (`telemetry.severity.Rule`).

    The first rule, by position, all of whose labels the alert carries decides. `{}` matches every alert. Whatever a
    rule asks for, an alert joins the open incident of its service, or of what that depends on.
    """

    class Action(models.TextChoices):
        DECLARE = "declare", "declare an incident"
        PAGE = "page", "page, without an incident"
        ATTACH = "attach", "join an open incident, else nothing"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="alert_rules")
    position = models.PositiveSmallIntegerField(default=0)
    labels = models.JSONField(default=dict, blank=True, help_text='Such as {"severity": "critical"}.')
    action = models.CharField(max_length=10, choices=Action.choices, default=Action.DECLARE, db_default=Action.DECLARE)
    urgency = models.CharField(max_length=4, default="high", db_default="high", help_text="Of a page: high or low.")
    incident_severity = models.CharField(max_length=4, help_text="sev1 to sev4, or empty: declare nothing.", blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.labels} → {self.action} {self.incident_severity}".strip()
