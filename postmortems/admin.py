"""Django's admin for what an organisation edits by hand: templates and factors. Records go through the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from oncall.admin import ForAdministrators
from postmortems.models import Factor, Template, TemplateSection


class EditedByAdministrators(ForAdministrators):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_delete_permission = has_add_permission


class TemplateSectionInline(EditedByAdministrators, admin.TabularInline):
    model = TemplateSection
    extra = 1


@admin.register(Template)
class TemplateAdmin(EditedByAdministrators, admin.ModelAdmin):
    list_display = ["name", "slug", "description"]
    inlines = [TemplateSectionInline]


@admin.register(Factor)
class FactorAdmin(EditedByAdministrators, admin.ModelAdmin):
    list_display = ["name", "key", "description"]
    search_fields = ["name", "description"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The key stays: trends are counted by it."""
        return ["key"] if obj else []
