"""Pages and fragments of this room."""

from django.urls import URLPattern

app_name = "incidents"
urlpatterns: list[URLPattern] = []
