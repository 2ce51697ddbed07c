"""Learning as a habit: the post-mortem of the month, the reading club, exercises that replay an incident."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from incidents.models import Incident, TimelineEntry
from postmortems.models.postmortem import Postmortem
from postmortems.querysets import ExerciseQuerySet, OfPostmortem


class OfTheMonth(models.Model):
    """The post-mortem that everybody is invited to read this month, and why."""

    month = models.DateField(unique=True, help_text="Its first day.")
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfPostmortem.as_manager()

    class Meta:
        verbose_name_plural = "post-mortems of the month"
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="month_begins_on_its_first")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReadingSession(models.Model):
    """A meeting of the reading club over one published post-mortem."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="sessions")
    at = models.DateTimeField()
    place = models.CharField(max_length=500, blank=True)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="reading_sessions", blank=True)
    questions = models.TextField(blank=True, help_text="Markdown: what to talk about.")
    findings = models.TextField(blank=True, help_text="Markdown: what came out of it.")
    created_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = OfPostmortem.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.postmortem_id} at {self.at}"


class Exercise(models.Model):
    """A past incident replayed as a game day: its timeline is shown step by step, its outcome at the end."""

    number = models.PositiveIntegerField(unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="exercises")
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    shown = models.PositiveIntegerField(default=1, help_text="How many entries the players have seen.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Since then the outcome is shown.")
    findings = models.TextField(blank=True, help_text="Markdown: what the players learned.")

    objects = ExerciseQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"X{self.number}"

    def get_absolute_url(self) -> str:
        return f"/exercises/{self.number}/"


class ExerciseNote(models.Model):
    """What a player would do at this point, said before the next entry is shown."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="notes")
    entry = models.ForeignKey(TimelineEntry, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
