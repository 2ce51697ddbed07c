"""Heartbeats: calls that must keep coming."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from notifications.links import absolute
from oncall.models import Service
from telemetry.querysets import HeartbeatQuerySet

MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)


def new_token() -> str:
    """What nobody guesses: 256 bits, for an address."""
    return secrets.token_urlsafe(32)


class Heartbeat(models.Model):
    """A job of a service that calls an address of ours at least every so often; its silence is an alert.

    `next_at` is when the sweep looks: at the end of the grace while it is well, at once when a missing one has called.
    It is empty before the first call, while the heartbeat is paused, and while it is missing.
    """

    class State(models.TextChoices):
        NEW = "new", "never called"
        WELL = "well", "well"
        MISSING = "missing", "missing"
        PAUSED = "paused", "paused"

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="heartbeats")
    name = models.CharField(max_length=100)
    token = models.CharField(max_length=64, unique=True, default=new_token, help_text="Whoever knows it may call.")
    every = models.DurationField(help_text="From 1 minute to 30 days.")
    grace = models.DurationField(default=MINUTE, help_text="How late a call may be.")
    severity = models.CharField(
        max_length=60, default="critical", help_text="The label by which the rules of the service decide."
    )
    created_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        ordering = ["service__name", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name"], name="heartbeat_named_once"),
            models.CheckConstraint(condition=models.Q(every__range=(MINUTE, MONTH)), name="heartbeat_every"),
            models.CheckConstraint(condition=models.Q(grace__range=(timedelta(), MONTH)), name="heartbeat_grace"),
            models.CheckConstraint(
                condition=models.Q(paused_at=None) | models.Q(next_at=None, missing_since=None),
                name="heartbeat_paused_waits_for_nothing",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="heartbeat_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address that is to be called."""
        return absolute(f"/heartbeats/{self.token}")

    @property
    def state(self) -> Heartbeat.State:
        if self.paused_at:
            return self.State.PAUSED
        if self.missing_since and (self.last_at is None or self.last_at < self.missing_since):
            return self.State.MISSING
        return self.State.WELL if self.last_at else self.State.NEW

    @property
    def due_at(self) -> datetime | None:
        """When the next call is expected; None where none is, or where it is overdue."""
        return self.next_at - self.grace if self.next_at and not self.missing_since else None
