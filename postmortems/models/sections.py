"""What is written, section by section, with every version kept."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from notifications.fulltext import parts_index
from postmortems.finding import fulltext
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
        indexes = [GinIndex(fulltext.SECTION, name="section_all_words"), parts_index("body", name="section_parts")]
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


class Comment(models.Model):
    """A remark on a section. The first of a thread may quote the words it is about, and is resolved for all."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="comments")
    thread = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    quote = models.CharField(max_length=500, blank=True, help_text="The words it is about, as they stood then.")
    body = models.TextField(help_text="Markdown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Taken back by who wrote it.")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.body[:60]


def image_name() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(12)


class Image(models.Model):
    """A picture in a post-mortem, written anew by us from what was pasted: pixels only."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=24, unique=True, default=image_name)
    content_type = models.CharField(max_length=20)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "digest"], name="image_once")]

    def __str__(self) -> str:
        return self.name
