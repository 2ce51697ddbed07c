"""The timeline: everything that happened, whoever or whatever told us."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from incidents.models.incident import Incident
from incidents.querysets import TimelineQuerySet


class TimelineEntry(models.Model):
    """One thing that happened, ordered by when it happened. The same `dedup_key` is told once."""

    class Kind(models.TextChoices):
        DECLARED = "declared", "declared"
        STATUS = "status", "status"
        SEVERITY = "severity", "severity"
        ROLE = "role", "role"
        UPDATE = "update", "update"
        NOTE = "note", "note"
        TASK = "task", "task"
        PAGE = "page", "page"
        ALERT = "alert", "alert"
        CHANGE = "change", "change"
        TELEMETRY = "telemetry", "telemetry"
        SERVICE = "service", "service"
        LINK = "link", "link"
        MESSAGE = "message", "message"
        SYSTEM = "system", "system"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField(help_text="When it happened.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="When it was written down.")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    source = models.CharField(max_length=20, default="andon", help_text="web, api, slack, github, alertmanager, …")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    dedup_key = models.CharField(max_length=200, null=True, blank=True)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "timeline entries"
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "dedup_key"], name="timeline_told_once")]
        indexes = [models.Index(fields=["incident", "at", "id"])]

    def __str__(self) -> str:
        return self.text[:80]
