"""What Andon keeps about its Slack workspace."""

from django.db import models
from django.utils import timezone

from incidents.models import Incident
from notifications.models import Delivery


class Workspace(models.Model):
    """Where announcements go. There is one row."""

    announce_channel = models.CharField(max_length=80, default="#incidents")
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.announce_channel


class Announcement(models.Model):
    """The message that announced an incident, so that it can be kept current."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="announcement")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="announcement")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"announcement of {self.incident_id}"
