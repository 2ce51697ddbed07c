"""Moments that no incident's timeline tells: a near miss has no incident."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from postmortems.models.postmortem import CuratedEntry, Postmortem


class OwnMoment(models.Model):
    """Something that happened, told by the post-mortem itself. Where there is an incident, its timeline tells it."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="own_moments")
    at = models.DateTimeField(help_text="When it happened.")
    recorded_at = models.DateTimeField(default=timezone.now, help_text="When it was written down.")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    phase = models.CharField(max_length=12, choices=CuratedEntry.Phase.choices, default=CuratedEntry.Phase.DIAGNOSIS)
    key_moment = models.BooleanField(default=False)
    how_it_looked = models.TextField(blank=True, help_text="How it looked then, to those who were there.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]
