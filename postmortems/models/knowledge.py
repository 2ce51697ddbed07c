"""Knowledge records: what to do next time."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from incidents.models import Incident
from notifications.fulltext import parts_index
from oncall.models import Person, Service, Team
from postmortems.finding import fulltext
from postmortems.models.postmortem import Postmortem
from postmortems.models.problems import Problem
from postmortems.querysets import ArticleQuerySet


class Article(models.Model):
    class Kind(models.TextChoices):
        SOLUTION = "solution", "solution"
        RUNBOOK = "runbook", "runbook"
        REQUIREMENT = "requirement", "non-functional requirement"
        STORY = "story", "reusable user story"

    class Confidence(models.TextChoices):
        DRAFT = "draft", "draft"
        NOT_VALIDATED = "not_validated", "not validated"
        VALIDATED = "validated", "validated"
        ARCHIVED = "archived", "archived"

    class Audience(models.TextChoices):
        TEAM = "team", "owner team"
        COMPANY = "company", "company"

    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.SOLUTION)
    title = models.CharField(max_length=200)
    issue = models.TextField(help_text="In the words of those who meet it.")
    environment = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    confidence = models.CharField(max_length=15, choices=Confidence.choices, default=Confidence.DRAFT)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.COMPANY)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="articles")
    review_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last said that it still holds.")
    services = models.ManyToManyField(Service, related_name="articles", blank=True)
    problems = models.ManyToManyField(Problem, related_name="articles", blank=True)
    postmortems = models.ManyToManyField(Postmortem, related_name="articles", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ArticleQuerySet.as_manager()
    _history_user: Person | None = None
    history = HistoricalRecords(excluded_fields=["created_by", "created_at", "updated_at", "reviewed_at"])

    class Meta:
        ordering = ["-number"]
        indexes = [
            GinIndex(fulltext.ARTICLE, name="article_all_words"),
            parts_index("title", "issue", name="article_parts"),
        ]

    def __str__(self) -> str:
        return f"K{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/knowledge/{self.number}/"


class ArticleUse(models.Model):
    """That an article helped in an incident: each link is a use."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="article_uses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "incident"], name="article_used_once")]

    def __str__(self) -> str:
        return f"K{self.article_id} in {self.incident_id}"
