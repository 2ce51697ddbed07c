"""Where the work of actions is tracked outside: GitHub, GitLab, Jira."""

from django.db import models
from django.utils import timezone

from postmortems.models.actions import Action
from postmortems.querysets import ExternalIssueQuerySet, TrackerQuerySet


class Tracker(models.Model):
    """An issue tracker that Andon may read, and write a link back to."""

    class Kind(models.TextChoices):
        GITHUB = "github", "GitHub"
        GITLAB = "gitlab", "GitLab"
        JIRA = "jira", "Jira"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    url = models.URLField(max_length=300, help_text="Where its issues live: what their addresses begin with.")
    api_url = models.URLField(max_length=300, help_text="Where its API is.")
    account = models.CharField(max_length=200, blank=True, help_text="Jira Cloud: the e-mail address of the token.")
    token = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=40, unique=True, help_text="The last part of its webhook's address.")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="A test of it is due.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    tested_at = models.DateTimeField(null=True, blank=True)
    test_said = models.CharField(max_length=300, blank=True, db_default="", help_text="What the last test read.")

    objects = TrackerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ExternalIssue(models.Model):
    """The issue an action is tracked by, as it was when it was last seen."""

    class State(models.TextChoices):
        UNKNOWN = "unknown", "not seen yet"
        OPEN = "open", "open"
        CLOSED = "closed", "closed"
        GONE = "gone", "not found"

    action = models.OneToOneField(Action, on_delete=models.CASCADE, related_name="issue")
    tracker = models.ForeignKey(Tracker, on_delete=models.SET_NULL, null=True, blank=True, related_name="issues")
    url = models.URLField(max_length=500)
    ref = models.CharField(max_length=200, help_text="owner/name#12, group/name#12, SHOP-12.")
    title = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.UNKNOWN)
    status = models.CharField(max_length=100, blank=True, help_text="In the tracker's words.")
    closed_by = models.CharField(max_length=100, blank=True, db_default="", help_text="Who closed it, as told there.")
    closed_action_at = models.DateTimeField(
        null=True, blank=True, help_text="When its closing closed the action; empty again once somebody moves that."
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    linked_back_at = models.DateTimeField(null=True, blank=True, help_text="When a link to the action was left there.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, default=timezone.now, db_index=True)
    error = models.CharField(max_length=300, blank=True)

    objects = ExternalIssueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["tracker", "ref"])]

    def __str__(self) -> str:
        return self.ref
