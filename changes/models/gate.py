"""What was asked of the deploy gate, what it said, and what people said after it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from changes.models.ledger import Change
from changes.models.policy import ChangeTemplate, Freeze
from changes.revisions import short
from notifications.models import Integration
from oncall.models import Service
from oncall.querysets import VisibleToMembers


class GateCheck(models.Model):
    """May this be changed now? The question, and the decision with the rules that made it."""

    class Decision(models.TextChoices):
        ALLOWED = "allowed", "allowed"
        AWAITING = "awaiting", "awaits authorisation"
        PREVENTED = "prevented", "prevented"
        INVALID = "invalid", "invalid"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="gate_checks")
    service_hint = models.CharField(max_length=200, blank=True, help_text="What was asked for, if nobody knows it.")
    environment = models.CharField(max_length=60)
    revision = models.CharField(max_length=100, blank=True)
    repository = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=Change.Kind.choices, default=Change.Kind.DEPLOY)
    rollback = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)
    actor = models.CharField(max_length=200, blank=True, help_text="Who changes it, as the pipeline names them.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pipeline_url = models.URLField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    incident = models.PositiveIntegerField(null=True, blank=True, help_text="The number of the one it is for.")
    paths = ArrayField(models.CharField(max_length=500), default=list, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision.choices)
    rule = models.CharField(max_length=40, help_text="The rule that decided.")
    reasons = models.JSONField(default=list, help_text="[{rule, text}], the one that decided first.")
    awaits = models.JSONField(default=list, help_text="Who may authorise it: [{side, team}].")
    retry_after = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds.")
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    template = models.ForeignKey(ChangeTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    freeze = models.ForeignKey(Freeze, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, blank=True, related_name="gate_checks")
    review_due_at = models.DateTimeField(null=True, blank=True, help_text="An emergency change is reviewed by then.")
    review_told_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleToMembers.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["service", "-asked_at"]),
            models.Index(fields=["decision", "-asked_at"]),
            models.Index(fields=["service", "environment", "revision"]),
        ]

    def __str__(self) -> str:
        return f"{self.revision[:12] or self.kind} to {self.environment}: {self.decision}"

    def get_absolute_url(self) -> str:
        return f"/changes/gate/{self.pk}/"

    @property
    def short_revision(self) -> str:
        return short(self.revision)

    @property
    def decision_words(self) -> str:
        """What it comes to at this moment, in words."""
        return str(self.Decision(self.decision_now).label)

    @property
    def holds(self) -> bool:
        """Whether it waits still, or its permission holds."""
        live = self.decision in (self.Decision.AWAITING, self.Decision.ALLOWED)
        return live and (self.expires_at is None or self.expires_at > timezone.now())

    @property
    def decision_now(self) -> str:
        """What it comes to at this moment: nobody waits beyond the end."""
        over = self.decision == self.Decision.AWAITING and not self.holds
        return self.Decision.PREVENTED if over else self.decision


class GateVerdict(models.Model):
    """What a person said of a check: authorised, refused, overrode or reviewed it. Never altered."""

    class Kind(models.TextChoices):
        AUTHORISED = "authorised", "authorised"
        REFUSED = "refused", "refused"
        OVERRIDDEN = "overridden", "overrode"
        REVIEWED = "reviewed", "reviewed"

    check_asked = models.ForeignKey(GateCheck, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    side = models.CharField(max_length=20, blank=True, help_text="For which discipline or team they spoke.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by_name}"


class ProtectionRule(models.Model):
    """A deployment on GitHub that waits for our answer; leased while it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        ANSWERED = "answered", "answered"
        FAILED = "failed", "failed"

    check_asked = models.ForeignKey(GateCheck, on_delete=models.PROTECT, related_name="protection_rules")
    callback_url = models.URLField(max_length=500)
    installation = models.BigIntegerField()
    repository = models.CharField(max_length=200)
    environment = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    told = models.CharField(max_length=10, blank=True, help_text="The decision GitHub was last told.")
    next_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_asked", "callback_url"], name="protection_rule_once")]
        indexes = [models.Index(fields=["next_at"], name="protection_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.repository} {self.environment}"
