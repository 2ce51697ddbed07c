"""Action items: what will change, by when, and who sees to it."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from oncall.models import Team
from postmortems.finding import fulltext
from postmortems.models.postmortem import Postmortem
from postmortems.querysets import ActionQuerySet


class Action(models.Model):
    class Kind(models.TextChoices):
        PREVENT = "prevent", "prevent"
        DETECT = "detect", "detect"
        MITIGATE = "mitigate", "mitigate"
        LEARN = "learn", "learn"
        PROCESS = "process", "process"

    class Priority(models.TextChoices):
        HIGH = "high", "high (14 days)"
        MEDIUM = "medium", "medium (30 days)"
        LOW = "low", "low (90 days)"

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed"
        ACCEPTED = "accepted", "accepted"
        IN_PROGRESS = "in_progress", "in progress"
        DONE = "done", "done"
        WONT_DO = "wont_do", "won't do"

    number = models.PositiveIntegerField(unique=True)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PREVENT)
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.MEDIUM)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(blank=True, help_text="Why it will not be done.")
    url = models.URLField(max_length=500, blank=True, help_text="The issue where the work is tracked.")
    section = models.CharField(max_length=40, blank=True, db_default="", help_text="Key of the section it came from.")
    excerpt = models.TextField(blank=True, db_default="", help_text="The words of the post-mortem that it came from.")
    remind_every = models.PositiveSmallIntegerField(
        default=7, db_default=7, help_text="Days between reminders once it is late."
    )
    snoozed_until = models.DateField(null=True, blank=True, help_text="No reminder before this day.")
    reminded_on = models.DateField(null=True, blank=True, help_text="The day of reminding that was told last.")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "number"]
        indexes = [GinIndex(fulltext.ACTION, name="action_all_words")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="wont_do") | ~models.Q(reason=""), name="wont_do_has_reason"
            )
        ]

    def __str__(self) -> str:
        return self.title
