"""What is sent to people and channels, and how people can be reached."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class ContactMethod(models.Model):
    """A way to reach a person, tried in order of `position`."""

    class Kind(models.TextChoices):
        SLACK = "slack", "Slack"
        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Webhook"
        APPRISE = "apprise", "Apprise"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_methods")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.CharField(max_length=500, help_text="An e-mail address, a Slack user id, or a URL.")
    shown = models.CharField(
        max_length=500,
        blank=True,
        db_default="",
        help_text="The address without what is secret in it; empty: as it is.",
    )
    label = models.CharField(max_length=60, blank=True, db_default="", help_text="What its owner calls it: my phone.")
    verified_at = models.DateTimeField(
        null=True, blank=True, db_default=Now(), help_text="Empty until its code was entered: not used before."
    )
    code = models.CharField(max_length=128, blank=True, db_default="", help_text="Hash of the code that was sent.")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    position = models.PositiveSmallIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True, help_text="When it last refused for good.")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "address"], name="contact_method_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.known_as}"

    @property
    def known_as(self) -> str:
        """The address as people and logs may see it."""
        return self.shown or self.address


class Delivery(models.Model):
    """One message to one address: leased while it is sent, sent again if the lease runs out."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "failed for good"
        WITHDRAWN = "withdrawn", "no longer needed"

    class Queue(models.TextChoices):
        PAGES = "pages", "pages"
        DEFAULT = "default", "announcements"

    dedup_key = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=80, db_index=True, help_text="What it speaks of, as `page:7` or `incident:42`.")
    queue = models.CharField(max_length=10, choices=Queue.choices, default=Queue.DEFAULT)
    channel = models.CharField(max_length=10, choices=ContactMethod.Kind.choices)
    address = models.CharField(max_length=500)
    method = models.ForeignKey(ContactMethod, on_delete=models.SET_NULL, null=True, blank=True)
    message = models.JSONField(help_text="subject, text, url, and what the channel adds (blocks, html, payload).")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    receipt = models.JSONField(default=dict, blank=True, help_text="What the channel answered, such as Slack's ts.")
    created_at = models.DateTimeField(default=timezone.now)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["queue", "next_at", "id"], name="delivery_due", condition=models.Q(state="waiting")),
            models.Index(fields=["queue"], name="delivery_failed", condition=models.Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} about {self.about}"
