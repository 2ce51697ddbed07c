"""Problem records: causes not yet removed."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from changes.models import Change
from incidents.models import Incident
from notifications.fulltext import parts_index
from oncall.models import Service, Team
from postmortems.finding import fulltext
from postmortems.models.actions import Action
from postmortems.models.postmortem import Factor, Postmortem
from postmortems.problems import priority
from postmortems.querysets import ProblemQuerySet


class Problem(models.Model):
    """A cause behind incidents, from suspicion to removal. A known error is one analysed and not yet removed."""

    class Status(models.TextChoices):
        NEW = "new", "new"
        ASSESS = "assess", "assess"
        INVESTIGATING = "investigating", "investigating"
        FIX_IN_PROGRESS = "fix_in_progress", "fix in progress"
        RESOLVED = "resolved", "resolved"
        CLOSED = "closed", "closed"

    class Outcome(models.TextChoices):
        FIXED = "fixed", "fixed"
        RISK_ACCEPTED = "risk_accepted", "risk accepted"
        DUPLICATE = "duplicate", "duplicate"
        CANCELLED = "cancelled", "cancelled"

    class Origin(models.TextChoices):
        REACTIVE = "reactive", "reactive"
        PROACTIVE = "proactive", "proactive"

    class Level(models.IntegerChoices):
        HIGH = 1, "high"
        MEDIUM = 2, "medium"
        LOW = 3, "low"

    class Effectiveness(models.TextChoices):
        FULL = "full", "takes the harm away"
        PARTIAL = "partial", "lessens it"
        BRIEF = "brief", "helps for a while"
        UNTRIED = "untried", "not tried yet"

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=200)
    category = models.ForeignKey(
        Factor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        help_text="A word of the taxonomy of contributing factors.",
    )
    symptoms = models.TextField(blank=True, db_default="", help_text="In the words of those who meet it.")
    statement = models.TextField(blank=True, help_text="What happens, where, under which conditions.")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NEW)
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.REACTIVE)
    impact = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEDIUM)
    urgency = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.MEDIUM)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="problems"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="problems")
    workaround = models.TextField(blank=True, help_text="Markdown: what to do until it is fixed.")
    effectiveness = models.CharField(
        max_length=8, choices=Effectiveness.choices, blank=True, db_default="", help_text="What the workaround does."
    )
    cause_notes = models.TextField(blank=True)
    fix_notes = models.TextField(blank=True)
    known_error_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True, help_text="For an accepted risk.")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    services = models.ManyToManyField(Service, related_name="problems", blank=True)
    incidents = models.ManyToManyField(Incident, related_name="problems", blank=True)
    postmortems = models.ManyToManyField(Postmortem, related_name="problems", blank=True)
    actions = models.ManyToManyField(Action, related_name="problems", blank=True)
    changes = models.ManyToManyField(Change, related_name="problems", blank=True, help_text="Changes that fix it.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            GinIndex(fulltext.PROBLEM, name="problem_all_words"),
            parts_index("title", "symptoms", name="problem_parts"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(known_error_at=None) | ~models.Q(cause_notes=""),
                name="known_error_has_cause_notes",
            )
        ]

    def __str__(self) -> str:
        return f"P{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/problems/{self.number}/"

    @property
    def priority(self) -> int:
        """From 1, the most pressing, to 5."""
        return priority.priority(self.impact, self.urgency)

    @property
    def is_known_error(self) -> bool:
        return self.known_error_at is not None and self.status not in ("resolved", "closed")


class SuggestionDismissal(models.Model):
    """That no problem is opened for a factor that recurs at a service, and why; asked again when more come."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    factor = models.ForeignKey(Factor, on_delete=models.CASCADE, related_name="+")
    incidents = models.PositiveIntegerField(help_text="How many there were then.")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "factor"], name="suggestion_dismissed_once")]

    def __str__(self) -> str:
        return f"{self.factor_id} at {self.service_id}"
