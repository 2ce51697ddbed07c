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

    Its notices are those that waited. `delivery` is the message; none where all had been answered before it was made.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bundles")
    method = models.ForeignKey(ContactMethod, on_delete=models.SET_NULL, null=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.SET_NULL, null=True, blank=True, related_name="bundle")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"bundle for {self.person_id}"
