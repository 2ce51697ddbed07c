"""Incidents that are brought in from elsewhere, a file at a time."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Import(models.Model):
    """One file of JSON lines. It is worked through in batches; `position` is how far it has come."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"

    name = models.CharField(max_length=200, help_text="Of the file.")
    content = models.TextField(help_text="The file; emptied once it is worked through.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    strict = models.BooleanField(default=False, db_default=False, help_text="Lines with unsound times are refused.")
    create_services = models.BooleanField(default=False, db_default=False, help_text="Services nobody knows are made.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(help_text="Lines that are not blank.")
    position = models.PositiveIntegerField(default=0, help_text="How many of them are done.")
    created = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0, help_text="Imported before.")
    refused = models.PositiveIntegerField(default=0)
    remarks = models.JSONField(
        default=list, help_text="[{line, field, value, text, refused}]: what was not understood."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
