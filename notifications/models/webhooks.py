"""Outgoing webhooks: who wants to be told of which events, and what was sent."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from notifications.models.outbox import Event


class Webhook(models.Model):
    """A subscription: events of these types go to this address, signed (https://www.standardwebhooks.com).

    `events` are types such as `incident.declared`, or `incident.*`; none is all of them.
    """

    name = models.CharField(max_length=100, unique=True)
    url = models.URLField(max_length=500)
    events = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    secret = models.CharField(max_length=100)
    former_secret = models.CharField(max_length=100, blank=True, help_text="Signs too, while it is rotated.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_why = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WebhookMessage(models.Model):
    """One event on its way to one subscriber; leased while it is sent. Its `webhook-id` is made of its own id."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="webhook_messages")
    type = models.CharField(max_length=60)
    body = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    tries = models.JSONField(default=list, help_text="[{at, status, took, error}], the latest last.")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="webhook_message_once")]
        indexes = [
            models.Index(fields=["webhook", "-created_at"]),
            models.Index(fields=["next_at"], name="webhook_message_due", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.type} to {self.webhook_id}"
