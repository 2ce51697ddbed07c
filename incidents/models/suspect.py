"""What people said of a suspected change. The ranking itself is computed when read."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from changes.models import Change
from incidents.models.incident import Incident


class Verdict(models.Model):
    """A person's word on whether a change had a part in an incident."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "had a part"
        REJECTED = "rejected", "had no part"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="verdicts")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=10, choices=Answer.choices)
    rank = models.PositiveSmallIntegerField(help_text="Where the suspect stood when judged, 1 is first.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "change"], name="verdict_once")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.verdict}"
