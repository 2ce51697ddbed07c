"""What Andon keeps about its Slack workspace."""

from django.db import models
from django.utils import timezone

from incidents.models import Incident
from notifications.models import Delivery
from oncall.models import Seat
from oncall.querysets import VisibleToMembers


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


class UserGroup(models.Model):
    """A Slack user group, such as @checkout-oncall, that holds whoever is on call on these seats."""

    handle = models.SlugField(max_length=21, unique=True, help_text="What one mentions, without the @.")
    seats = models.ManyToManyField(Seat, related_name="user_groups")
    group_id = models.CharField(max_length=30, blank=True, help_text="Slack's id, once the group is found or made.")
    members = models.JSONField(default=list, help_text="The Slack ids that Slack has of us.")
    synced_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)

    objects = VisibleToMembers.as_manager()

    class Meta:
        ordering = ["handle"]
        indexes = [models.Index(fields=["next_at", "id"], name="user_group_due")]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def seat_names(self) -> list[str]:
        """Its seats as `schedule/seat`."""
        return sorted(f"{seat.schedule.slug}/{seat.name}" for seat in self.seats.all())
