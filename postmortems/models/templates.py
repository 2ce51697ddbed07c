"""Templates: which sections a post-mortem has, and the questions beside them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from incidents.models.incident import Severity


class Template(models.Model):
    """A choice of sections. Sections have canonical keys, so that trends survive the choice."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="Not offered any more; post-mortems written with it keep it."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TemplateSection(models.Model):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=100)
    questions = ArrayField(models.TextField(), default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="template_section_once")]

    def __str__(self) -> str:
        return self.title


class RequiredTemplate(models.Model):
    """That post-mortems of a severity are written with this template and no other."""

    severity = models.CharField(max_length=4, choices=Severity.choices, unique=True)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="required_for")

    class Meta:
        ordering = ["severity"]

    def __str__(self) -> str:
        return f"{self.template_id} for {self.severity}"
