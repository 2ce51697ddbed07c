"""The outbox: what happened, and who has yet to react to it."""

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Something that happened, written in the transaction that made it happen."""

    type = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["type", "-at"])]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class Reaction(models.Model):
    """One handler's turn at one event. Done exactly once: the handler's writes and `done_at` commit together."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reactions")
    handler = models.CharField(max_length=120, help_text="Dotted path, as config/reactions.py names it.")
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="reaction_once")]
        indexes = [models.Index(fields=["next_at", "id"], name="reaction_due", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.handler} on {self.event_id}"
