"""Pages and fragments of this room."""

from django.urls import path, re_path

from telemetry.views import alerts, calls, heartbeats, panel_templates, panels, rules

app_name = "telemetry"
urlpatterns = [
    re_path(r"^heartbeats/(?P<token>[-\w]+)/?$", calls.call, name="heartbeat-call"),
    path("alerts/", alerts.alert_list, name="list"),
    path("alerts/<int:pk>/", alerts.alert_detail, name="alert"),
    path("services/<slug:slug>/panels/", panels.of_service, name="of-service"),
    path("settings/panels/", panel_templates.template_list, name="panel-templates"),
    path("settings/panels/new/", panel_templates.template_new, name="panel-template-new"),
    path("settings/panels/<int:pk>/", panel_templates.template_edit, name="panel-template"),
    path("settings/panels/<int:pk>/delete/", panel_templates.template_delete, name="panel-template-delete"),
    path("services/<slug:slug>/alerts/", alerts.of_service, name="alerts-of-service"),
    path("services/<slug:slug>/heartbeats/", heartbeats.heartbeat_list, name="heartbeats"),
    path("services/<slug:slug>/heartbeats/new/", heartbeats.heartbeat_new, name="heartbeat-new"),
    path("services/<slug:slug>/heartbeats/<int:pk>/", heartbeats.heartbeat_detail, name="heartbeat"),
    path("services/<slug:slug>/heartbeats/<int:pk>/edit/", heartbeats.heartbeat_edit, name="heartbeat-edit"),
    path("services/<slug:slug>/heartbeats/<int:pk>/pause/", heartbeats.heartbeat_pause, name="heartbeat-pause"),
    path("services/<slug:slug>/heartbeats/<int:pk>/resume/", heartbeats.heartbeat_resume, name="heartbeat-resume"),
    path("services/<slug:slug>/heartbeats/<int:pk>/delete/", heartbeats.heartbeat_delete, name="heartbeat-delete"),
    path("services/<slug:slug>/alert-rules/", rules.alert_rules, name="alert-rules"),
]
