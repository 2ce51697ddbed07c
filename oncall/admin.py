"""Looking things up. Changes go through the services, so what has one is read-only here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from oncall.models import Page, Person, Policy, Schedule, Service, Shift, Team


class ForAdministrators:
    """Whoever has the role comes in; no permission rows are needed."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_administrator", False))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)


class ReadOnly(ForAdministrators, admin.ModelAdmin):
    """To look at only; what is private stays so, from administrators too."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(request.user)


@admin.register(Person)
class PersonAdmin(ReadOnly):
    list_display = ("name", "email", "role", "timezone", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    exclude = ("password",)


@admin.register(Team)
class TeamAdmin(ReadOnly):
    list_display = ("name", "slug", "discipline", "lead")


@admin.register(Service)
class ServiceAdmin(ReadOnly):
    list_display = ("name", "slug", "stage", "tier", "dev_team", "ops_team")
    list_filter = ("stage", "tier")
    search_fields = ("name", "slug")


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly):
    list_display = ("name", "slug", "timezone", "resolved_until")


@admin.register(Policy)
class PolicyAdmin(ReadOnly):
    list_display = ("name", "slug", "each_seat", "repeat")


@admin.register(Shift)
class ShiftAdmin(ReadOnly):
    list_display = ("seat", "person", "during", "overridden")
    list_select_related = ("seat", "person")


@admin.register(Page)
class PageAdmin(ReadOnly):
    list_display = ("subject", "state", "service", "created_at", "acknowledged_at", "resolved_at")
    list_filter = ("state",)
