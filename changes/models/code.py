"""What was pushed: the commits that a deploy may bring."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from changes.revisions import short
from notifications.models import Integration
from oncall.querysets import VisibleToMembers


class Push(models.Model):
    """One push to a branch, from one commit to another."""

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, null=True)
    repository = models.CharField(max_length=200)
    ref = models.CharField(max_length=200, help_text="The branch, without `refs/heads/`.")
    before = models.CharField(max_length=64, blank=True, help_text="Empty for a branch that is new.")
    after = models.CharField(max_length=64)
    forced = models.BooleanField(default=False)
    pushed_at = models.DateTimeField()
    actor = models.CharField(max_length=200, blank=True)
    shas = ArrayField(
        models.CharField(max_length=64),
        null=True,
        blank=True,
        help_text="Every commit it brought, oldest first; null where its sender left some out.",
    )

    class Meta:
        verbose_name_plural = "pushes"
        ordering = ["-pushed_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["repository", "ref", "before", "after"], name="push_once")]
        indexes = [models.Index(fields=["repository", "after"])]

    def __str__(self) -> str:
        return f"{self.repository} {self.ref} {self.after[:7]}"


class Commit(models.Model):
    """A commit as it was told with the push that first brought it."""

    push = models.ForeignKey(Push, on_delete=models.CASCADE, related_name="commits")
    repository = models.CharField(max_length=200)
    sha = models.CharField(max_length=64)
    message = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    paths = ArrayField(models.CharField(max_length=500), default=list, help_text="Files it touches, as far as told.")

    objects = VisibleToMembers.as_manager()

    class Meta:
        ordering = ["push", "id"]
        constraints = [models.UniqueConstraint(fields=["repository", "sha"], name="commit_once")]

    def __str__(self) -> str:
        return f"{self.sha[:7]} {self.title[:80]}"

    @property
    def title(self) -> str:
        """The first line of its message."""
        return self.message.strip().partition("\n")[0]

    @property
    def short_sha(self) -> str:
        return short(self.sha)
