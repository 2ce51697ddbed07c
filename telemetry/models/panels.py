"""Panels that every service has, besides those of its own."""

from django.db import models
from simple_history.models import HistoricalRecords

from oncall.models import Panel
from oncall.querysets import VisibleToMembers


class PanelTemplate(models.Model):
    """A panel of every service: its query is filled with `{service}` and `{environment}`.

    A service's own panel of the same name takes its place.
    """

    name = models.CharField(max_length=100, unique=True)
    source = models.CharField(max_length=10, choices=Panel.Source.choices, default=Panel.Source.PROMETHEUS)
    query = models.TextField()
    unit = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = VisibleToMembers.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
