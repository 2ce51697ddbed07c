"""Where Slack calls us."""

from django.urls import URLPattern

app_name = "slack"
urlpatterns: list[URLPattern] = []
