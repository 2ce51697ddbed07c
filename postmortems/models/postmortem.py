"""The post-mortem: what we learned from one or several incidents, or from a near miss."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from incidents.models import Incident, TimelineEntry
from notifications.fulltext import parts_index
from oncall.models import Service
from postmortems.finding import fulltext
from postmortems.models.templates import Template
from postmortems.querysets import PostmortemQuerySet


class Factor(models.Model):
    """A word of the taxonomy of contributing factors, which an organisation may edit."""

    key = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, help_text="Not offered any more; findings keep it.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Postmortem(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        IN_REVIEW = "in_review", "in review"
        PUBLISHED = "published", "published"

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=200)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="postmortems")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    incidents = models.ManyToManyField(Incident, related_name="postmortems", blank=True)
    services = models.ManyToManyField(
        Service, related_name="postmortems", blank=True, help_text="Of a near miss, which has no incident to tell."
    )
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="facilitated"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="The first publication; kept on reopening.")
    factors = models.ManyToManyField(Factor, through="FactorFinding", related_name="postmortems")
    soak_until = models.DateField(null=True, blank=True, help_text="Actions are agreed on from this day on.")
    meeting_at = models.DateTimeField(null=True, blank=True)
    meeting_minutes = models.PositiveSmallIntegerField(default=60, db_default=60)
    meeting_place = models.CharField(max_length=500, blank=True, db_default="", help_text="A room, or an address.")
    meeting_sequence = models.PositiveIntegerField(default=0, db_default=0, help_text="SEQUENCE of RFC 5545.")
    source_url = models.URLField(max_length=500, blank=True, db_default="", help_text="Where it was published first.")
    keywords = ArrayField(models.CharField(max_length=60), default=list, blank=True, db_default=[])
    imported_at = models.DateTimeField(null=True, blank=True)
    import_key = models.CharField(max_length=64, null=True, blank=True, unique=True, help_text="Imported once each.")

    objects = PostmortemQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        indexes = [
            GinIndex(fulltext.POSTMORTEM, name="postmortem_all_words"),
            parts_index("title", name="postmortem_parts"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/postmortems/{self.number}/"


class FactorFinding(models.Model):
    """A factor in this post-mortem: one of several that contributed, or that limited the harm."""

    class Kind(models.TextChoices):
        CONTRIBUTING = "contributing", "contributed"
        MITIGATING = "mitigating", "limited the harm"

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="findings")
    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=15, choices=Kind.choices, default=Kind.CONTRIBUTING)
    note = models.TextField(blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True, help_text="When it was seen to contribute no more.")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["postmortem", "factor", "kind"], name="factor_found_once")]

    def __str__(self) -> str:
        return f"{self.factor_id} in {self.postmortem_id}"


class CuratedEntry(models.Model):
    """A timeline entry picked for the post-mortem; it keeps its link to the evidence."""

    class Phase(models.TextChoices):
        BACKGROUND = "background", "Background"
        DETECTION = "detection", "Detection"
        DIAGNOSIS = "diagnosis", "Diagnosis"
        REPAIR = "repair", "Repair"

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="curated")
    entry = models.ForeignKey(TimelineEntry, on_delete=models.CASCADE, related_name="+")
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.DIAGNOSIS)
    key_moment = models.BooleanField(default=False)
    how_it_looked = models.TextField(blank=True, help_text="How it looked then, to those who were there.")

    class Meta:
        verbose_name_plural = "curated entries"
        ordering = ["entry__at", "entry_id"]
        constraints = [models.UniqueConstraint(fields=["postmortem", "entry"], name="entry_curated_once")]

    def __str__(self) -> str:
        return f"entry {self.entry_id} in {self.postmortem_id}"


class Review(models.Model):
    """Somebody of one side is asked to read and sign off. Both sides must, before it is published."""

    class Side(models.TextChoices):
        DEV = "dev", "Dev"
        OPS = "ops", "Ops"

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="reviews")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    side = models.CharField(max_length=3, choices=Side.choices)
    asked_at = models.DateTimeField(default=timezone.now)
    signed_off_at = models.DateTimeField(null=True, blank=True)
    signed_last_at = models.DateTimeField(null=True, blank=True, help_text="Kept when the sign-off is asked for anew.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["side", "id"]
        constraints = [models.UniqueConstraint(fields=["postmortem", "person"], name="reviewer_once")]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.side}"


class Exemption(models.Model):
    """An incident that needs no post-mortem though its severity asks for one: with a reason, counted."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="exemption")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.reason[:80]
