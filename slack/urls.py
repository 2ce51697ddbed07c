"""Where Slack calls us (it adds no slash), and the page of its settings."""

from django.urls import path

from slack.views import requests, settings, user_groups

app_name = "slack"
urlpatterns = [
    path("slack/commands", requests.commands, name="commands"),
    path("slack/interactions", requests.interactions, name="interactions"),
    path("slack/events", requests.events, name="events"),
    path("settings/slack/", settings.slack_settings, name="settings"),
    path("settings/slack/user-groups/new/", user_groups.user_group_new, name="user-group-new"),
    path("settings/slack/user-groups/<int:pk>/", user_groups.user_group_edit, name="user-group"),
    path("settings/slack/user-groups/<int:pk>/delete/", user_groups.user_group_delete, name="user-group-delete"),
]
