"""Delivery pipelines and their runs."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from changes.querysets import PipelineRunQuerySet
from changes.revisions import short
from notifications.models import Integration
from oncall.models import Service
from oncall.querysets import VisibleToMembers

EVERY = "*"
USUAL = ("main", "master")


class Pipeline(models.Model):
    """A pipeline of a repository, and for how long it may be red before its Dev team is told.

    It is red from the first run that failed since the last one that succeeded, on the branch that counts.
    `next_at` is when it will have been red for too long; empty while it is green, or once its team was told.
    """

    name = models.CharField(max_length=200)
    repository = models.CharField(max_length=200, blank=True)
    branch = models.CharField(
        max_length=200, blank=True, help_text="The branch that counts; `*` is every one. Empty: main or master."
    )
    service = models.ForeignKey(Service, on_delete=models.SET_NULL, null=True, blank=True, related_name="pipelines")
    red_limit = models.DurationField(default=timedelta(hours=1))
    red_since = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When its team was told that it stays red.")

    objects = VisibleToMembers.as_manager()

    class Meta:
        ordering = ["name", "repository"]
        constraints = [models.UniqueConstraint(fields=["repository", "name"], name="pipeline_once")]
        indexes = [models.Index(fields=["next_at"], name="pipeline_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return self.name

    @property
    def branches(self) -> list[str]:
        """The branches that count; none: all of them. A sender that names no branch speaks of the one that counts."""
        if self.branch == EVERY:
            return []
        return ["", self.branch] if self.branch else ["", *USUAL]


class PipelineRun(models.Model):
    """One run of a delivery pipeline."""

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        SUCCESS = "success", "succeeded"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"
        SKIPPED = "skipped", "skipped"

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, null=True)
    external_id = models.CharField(max_length=200)
    pipeline = models.CharField(max_length=200)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    repository = models.CharField(max_length=200, blank=True)
    branch = models.CharField(max_length=200, blank=True)
    revision = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    actor = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PipelineRunQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "external_id"], name="pipeline_run_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["repository", "pipeline", "status", "-finished_at"], name="pipeline_run_latest"),
            models.Index(fields=["revision"], name="pipeline_run_revision", condition=~models.Q(revision="")),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline}: {self.status}"

    @property
    def short_revision(self) -> str:
        return short(self.revision)
