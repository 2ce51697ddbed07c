"""The ledger of changes.

A change is what its ledger entries add up to. Entries are the record: the database refuses to alter them (migration
0002), and a chain of seals shows whether somebody did all the same (`manage.py verify_ledger`); the row in `Change` is
a summary kept beside them for search and drawing.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from changes import words
from changes.querysets import ChangeQuerySet, LedgerEntryQuerySet
from changes.revisions import short
from notifications.models import Integration
from oncall.models import Service


class State(models.TextChoices):
    """How far a change has come, told by its latest entry."""

    REQUESTED = "requested", "requested"
    AUTHORISED = "authorised", "authorised"
    STARTED = "started", "started"
    SUCCEEDED = "succeeded", "succeeded"
    FAILED = "failed", "failed"
    ROLLED_BACK = "rolled_back", "rolled back"
    SUPERSEDED = "superseded", "superseded"


class Change(models.Model):
    """One change to production or to another environment, summed up from its entries."""

    class Kind(models.TextChoices):
        DEPLOY = "deploy", "deploy"
        CONFIG = "config", "configuration"
        FLAG = "flag", "feature flag"
        INFRASTRUCTURE = "infrastructure", "infrastructure"
        DATA = "data", "data"

    class Type(models.TextChoices):
        STANDARD = "standard", "standard (pre-authorised)"
        NORMAL = "normal", "normal"
        EMERGENCY = "emergency", "emergency"

    key = models.CharField(max_length=200, unique=True, help_text="Sender and the sender's id of it.")
    told_as = models.CharField(
        max_length=200,
        unique=True,
        null=True,
        blank=True,
        help_text="The same by a sender that told of it after the gate was asked (changes/joining.py).",
    )
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DEPLOY)
    type = models.CharField(max_length=20, choices=Type.choices, default=Type.NORMAL)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    service_hint = models.CharField(max_length=200, blank=True, help_text="What the sender called the service.")
    environment = models.CharField(max_length=60, default="production")
    revision = models.CharField(max_length=100, blank=True)
    ref = models.CharField(max_length=200, blank=True)
    repository = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    overridden = models.BooleanField(
        default=False, db_default=False, help_text="A person let it through though the gate would not have."
    )
    state = models.CharField(max_length=20, choices=State.choices)
    started_at = models.DateTimeField(help_text="When its first entry speaks of.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it succeeded, failed or was rolled back.")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["service", "-started_at"]),
            models.Index(fields=["-started_at"], name="change_unmatched", condition=models.Q(service=None)),
            models.Index(fields=["-started_at", "-id"], name="change_latest"),
            models.Index(Upper("environment"), models.F("started_at").desc(), name="change_environment"),
            models.Index(fields=["state", "-started_at"], name="change_state"),
            models.Index(fields=["kind", "-started_at"], name="change_kind"),
            models.Index(fields=["type", "-started_at"], name="change_type"),
            models.Index(fields=["-started_at"], name="change_overridden", condition=models.Q(overridden=True)),
            GinIndex(words.WORDS, name="change_words"),
        ]

    def __str__(self) -> str:
        """In a few words, such as "deploy 4f2a1c9" or "feature flag: flag new-checkout on"."""
        if self.revision:
            return f"{self.get_kind_display()} {self.short_revision}"
        return f"{self.get_kind_display()}: {self.description.strip().split(chr(10))[0][:60] or self.ref or self.key}"

    @property
    def short_revision(self) -> str:
        return short(self.revision)


class LedgerEntry(models.Model):
    """One thing that happened to a change. Append-only: the database refuses UPDATE, DELETE and TRUNCATE."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="entries")
    state = models.CharField(max_length=20, choices=State.choices)
    at = models.DateTimeField(help_text="When it happened, by the sender's clock.")
    recorded_at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True, help_text="Why it was allowed.")
    data = models.JSONField(default=dict, help_text="Service, environment, revision, pipeline as told then.")

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "state", "at"], name="ledger_entry_once"),
        ]
        indexes = [models.Index(OpClass(Upper("actor"), name="text_pattern_ops"), name="ledger_entry_actor")]

    def __str__(self) -> str:
        return f"{self.change_id} {self.state} at {self.at}"


class LedgerSeal(models.Model):
    """The place of an entry in the chain: its digest covers the entry and the digest before. Append-only too."""

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without gaps.")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64, help_text="SHA-256 in hexadecimal (changes/chain.py).")
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.digest}"
