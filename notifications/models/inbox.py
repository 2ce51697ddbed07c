"""The inbox: what outside senders told us, kept before it is answered and processed after."""

import uuid

from django.db import models
from django.utils import timezone


class Integration(models.Model):
    """A sender we accept messages from, at `/hooks/{source}/{key}`.

    `mapping` says which of our services a sender's name means: `{"sender's name": "service-slug"}`.
    Services live in a higher room, so they are named here by slug.
    """

    source = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.SlugField(blank=True, help_text="Everything from this sender concerns this service.")
    mapping = models.JSONField(default=dict, blank=True)
    rules = models.JSONField(
        null=True,
        blank=True,
        help_text='Asked in this order after `mapping`: [{"field", "pattern", "service"}] (oncall/mapping.py).',
    )
    created_at = models.DateTimeField(default=timezone.now)
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="integration_named_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"

    @property
    def path(self) -> str:
        """Where the sender posts to, below the base URL."""
        return f"/hooks/{self.source}/{self.key}"


class IntegrationSecret(models.Model):
    """A live secret; an integration has two while one is being rotated."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="secrets")
    secret = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")

    class Meta:
        indexes = [models.Index(fields=["secret"])]

    def __str__(self) -> str:
        return f"secret of {self.integration_id}"


class Rejection(models.Model):
    """Requests to one integration that were refused in one hour with one status; nothing that they said is kept."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="rejections")
    status = models.PositiveSmallIntegerField(help_text="Of our answer: 400, 401, 409 or 413.")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, help_text="What the latest was told.")
    latest_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["integration", "status", "hour"], name="rejection_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.count} of {self.integration_id} with {self.status}"


class InboundMessage(models.Model):
    """One request as it came in. What was answered 2xx stands here, whatever happens after."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "processed"
        IGNORED = "ignored", "ignored: not a kind we use"
        FAILED = "failed", "failed"

    source = models.CharField(max_length=20)
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, blank=True, related_name="messages"
    )
    key = models.CharField(
        max_length=200, help_text="The sender's own delivery id, or one made from the state it tells."
    )
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "integration", "key"], name="inbound_once", nulls_distinct=False)
        ]
        indexes = [
            models.Index(fields=["next_at", "id"], name="inbound_due", condition=models.Q(state="waiting")),
            models.Index(fields=["integration", "-received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
