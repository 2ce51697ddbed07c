"""Incidents in Django's admin, to look at only: what happens to them goes through `incidents/services`."""

from django.contrib import admin

from incidents.models import Incident, TimelineEntry
from oncall.admin import ReadOnly


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    list_display = ["number", "title", "severity", "status", "private", "practice", "declared_at"]
    list_filter = ["status", "severity", "practice"]
    search_fields = ["title", "number"]
    filter_horizontal = ["services"]


@admin.register(TimelineEntry)
class TimelineEntryAdmin(ReadOnly):
    list_display = ["at", "incident", "kind", "text", "source"]
    list_filter = ["kind", "source"]
    search_fields = ["text"]
    list_select_related = ["incident"]
