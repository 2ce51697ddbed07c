"""How a person wants to be reached, by urgency; and what is gathered for them in a storm."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from notifications.models import ContactMethod, Delivery
from oncall.models.people import Person


class Urgency(models.TextChoices):
    """High wakes people; low waits for the end of their quiet hours."""

    HIGH = "high", "high"
    LOW = "low", "low"


class ContactRule(models.Model):
    """One line of a person's rules for an urgency: by this method, so long after the page, unless it is answered."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_rules")
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    method = models.ForeignKey(ContactMethod, on_delete=models.CASCADE, related_name="rules")
    delay = models.DurationField(default=timedelta, help_text="After the page; zero is at once.")

    class Meta:
        ordering = ["urgency", "delay", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "urgency", "method", "delay"], name="contact_rule_once"),
            models.CheckConstraint(condition=models.Q(delay__gte=timedelta()), name="contact_rule_not_before"),
        ]

    def __str__(self) -> str:
        return f"{self.urgency}: {self.method} after {self.delay}"


class Bundle(models.Model):
    """Pages that came too fast to be told one by one: one message to one person by one method, with a list.

    Open until `due_at`; then the message is made of the notices in it, and `delivery` is that message.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bundles")
    method = models.ForeignKey(ContactMethod, on_delete=models.SET_NULL, null=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="bundle")
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, help_text="When its message is made; empty once it was.")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "method"], condition=models.Q(next_at__isnull=False), name="bundle_open_once"
            )
        ]
        indexes = [models.Index(fields=["next_at", "id"], name="bundle_due", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"bundle for {self.person_id}"
