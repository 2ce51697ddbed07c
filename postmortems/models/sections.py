"""What is written, section by section, with every version kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from postmortems import fulltext
from postmortems.models.postmortem import Postmortem


class Section(models.Model):
    """One section. Its title and questions are copied from the template, which may change or go."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=100)
    questions = ArrayField(models.TextField(), default=list, blank=True)
    position = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True, help_text="Markdown.")
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        indexes = [GinIndex(fulltext.SECTION, name="section_words")]
        constraints = [models.UniqueConstraint(fields=["postmortem", "key"], name="section_once")]

    def __str__(self) -> str:
        return self.title


class SectionRevision(models.Model):
    """One version of a section, as somebody saved it."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["section", "version"], name="section_version_once")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Dismissal(models.Model):
    """A note of the coach that the writers set aside, with their reason. Never reported by author."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="dismissals")
    category = models.SlugField(max_length=40)
    text = models.TextField(help_text="The words concerned: the note stays away wherever they stand in this section.")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "category", "text"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.category}: {self.text[:40]}"
