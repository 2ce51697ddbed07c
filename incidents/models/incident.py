"""The incident, who took part, and the alerts that belong to it."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from incidents import fulltext
from incidents.querysets import IncidentQuerySet
from notifications.fulltext import parts_index
from oncall.models import Service
from telemetry.models import Alert


class Severity(models.TextChoices):
    SEV1 = "sev1", "SEV1"
    SEV2 = "sev2", "SEV2"
    SEV3 = "sev3", "SEV3"
    SEV4 = "sev4", "SEV4"


class Status(models.TextChoices):
    INVESTIGATING = "investigating", "investigating"
    IDENTIFIED = "identified", "identified"
    MONITORING = "monitoring", "monitoring"
    RESOLVED = "resolved", "resolved"
    CLOSED = "closed", "closed"
    CANCELLED = "cancelled", "cancelled"


class Incident(models.Model):
    """Something that harms users or soon will. Everything that may happen to it stands in `incidents/services`."""

    class Source(models.TextChoices):
        WEB = "web", "web"
        API = "api", "API"
        SLACK = "slack", "Slack"
        ALERT = "alert", "alert"
        IMPORT = "import", "import"

    number = models.PositiveIntegerField(unique=True, help_text="Gapless, given in the declaring transaction.")
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    severity = models.CharField(max_length=4, choices=Severity.choices, default=Severity.SEV3)
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.INVESTIGATING)
    services = models.ManyToManyField(Service, related_name="incidents", blank=True)
    private = models.BooleanField(default=False)
    practice = models.BooleanField(default=False, help_text="A game day: never counted.")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.WEB)
    dedup_key = models.CharField(max_length=200, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declared_incidents",
    )
    declared_by_name = models.CharField(max_length=100, blank=True, help_text="For those without an account.")
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Participant", related_name="incidents", blank=True
    )
    alerts = models.ManyToManyField(Alert, through="IncidentAlert", related_name="incidents", blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    started_at = models.DateTimeField(help_text="When the harm began.")
    detected_at = models.DateTimeField(help_text="When it was first noticed, by whatever noticed it.")
    declared_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    mitigated_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    next_update_due_at = models.DateTimeField(null=True, blank=True)
    update_overdue_told_for = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The due time whose passing was told last."
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dedup_key"],
                name="incident_open_once",
                condition=~models.Q(dedup_key="") & ~models.Q(status__in=["resolved", "closed", "cancelled"]),
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_at=None) | models.Q(resolved_at__gte=models.F("started_at")),
                name="incident_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-number"]),
            models.Index(fields=["-started_at"]),
            GinIndex(fulltext.INCIDENT, name="incident_words"),
            parts_index("title", "summary", name="incident_parts"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/incidents/{self.number}/"

    @property
    def is_open(self) -> bool:
        return self.status in (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)

    @property
    def subject(self) -> str:
        """How rooms below name this incident, in pages, deliveries and snapshots."""
        return f"incident:{self.number}"


class Participant(models.Model):
    """Somebody who takes part: sees it though private, and counts for joint response."""

    class How(models.TextChoices):
        DECLARED = "declared", "declared it"
        PAGED = "paged", "was paged"
        ACKNOWLEDGED = "acknowledged", "acknowledged"
        ROLE = "role", "took a role"
        JOINED = "joined", "joined"
        ADDED = "added", "was added"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    how = models.CharField(max_length=15, choices=How.choices)
    side = models.CharField(max_length=30, blank=True, help_text="dev, ops or another seat they stood for.")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.incident_id}"


class IncidentAlert(models.Model):
    """An alert that belongs to an incident. An alert belongs to one at most."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE)
    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="incident_link")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"alert {self.alert_id} of incident {self.incident_id}"
