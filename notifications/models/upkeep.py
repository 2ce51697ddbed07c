"""Small rows that keep the house in order: numbers without gaps, signs of life, answers to repeat."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Counter(models.Model):
    """The last number given out of a gapless series. Its row lock is held until the taker commits."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class SignOfLife(models.Model):
    """When something of Andon's own that must keep happening last happened."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "notifications_heartbeat"  # its name until heartbeats came to mean what services send us
        verbose_name_plural = "signs of life"

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"


class IdempotentAnswer(models.Model):
    """What we answered to a POST with this `Idempotency-Key`, to answer the same again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
