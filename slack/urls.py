"""Where Slack calls us (it adds no slash), and the page of its settings."""

from django.urls import path

from slack.views import requests, settings

app_name = "slack"
urlpatterns = [
    path("slack/commands", requests.commands, name="commands"),
    path("slack/interactions", requests.interactions, name="interactions"),
    path("slack/events", requests.events, name="events"),
    path("settings/slack/", settings.slack_settings, name="settings"),
]
