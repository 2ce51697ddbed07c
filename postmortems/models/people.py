"""Who takes part in a post-mortem, what they told the facilitator, who reads it, and who is at it now."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from oncall.models import Service, Team
from postmortems.models.postmortem import Factor, Postmortem
from postmortems.querysets import InterviewNoteQuerySet


class Invitation(models.Model):
    """Somebody of a side who takes part, and is invited to the meeting when there is one."""

    class Side(models.TextChoices):
        DEV = "dev", "Dev"
        OPS = "ops", "Ops"
        OTHER = "other", "other"

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    side = models.CharField(max_length=5, choices=Side.choices, default=Side.OTHER)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["side", "id"]
        constraints = [models.UniqueConstraint(fields=["postmortem", "person"], name="invited_once")]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.postmortem_id}"


class InterviewNote(models.Model):
    """What somebody told the facilitator: private to who wrote it down until it is released."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="interviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.TextField(help_text="Markdown.")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = InterviewNoteQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"with {self.person_id} for {self.postmortem_id}"


class Presence(models.Model):
    """That somebody has a post-mortem open, and in which section they write. Stale after a few seconds."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="present")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=40, blank=True, help_text="The key of the section they write in.")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "person"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.section or 'the page'}"


class Reading(models.Model):
    """That somebody read a published post-mortem: counted as learning, never shown as a score."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "person"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.postmortem_id} by {self.person_id}"


class Subscription(models.Model):
    """What somebody wants to hear of when it is published; nothing named is everything."""

    class Cadence(models.TextChoices):
        EACH = "each", "each when it is published"
        WEEKLY = "weekly", "in the weekly digest"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    cadence = models.CharField(max_length=6, choices=Cadence.choices, default=Cadence.WEEKLY)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "service", "team", "factor"], name="subscribed_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.cadence}"
