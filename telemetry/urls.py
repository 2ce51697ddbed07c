"""Pages and fragments of this room."""

from django.urls import path, re_path

from telemetry.views import alerts, calls, panels, rules, unmatched

app_name = "telemetry"
urlpatterns = [
    re_path(r"^heartbeats/(?P<token>[-\w]+)/?$", calls.call, name="heartbeat-call"),
    path("alerts/", alerts.alert_list, name="list"),
    path("services/<slug:slug>/panels/", panels.of_service, name="of-service"),
    path("services/<slug:slug>/alert-rules/", rules.alert_rules, name="alert-rules"),
    path("settings/unmatched/alerts/", unmatched.unmatched, name="unmatched"),
]
