"""Incidents in Django's admin, to look at only: what happens to them goes through `incidents/services`."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from incidents.models import Incident, TimelineEntry


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_administrator", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Private incidents stay private, from administrators too."""
        return self.model._default_manager.visible_to(request.user)


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
