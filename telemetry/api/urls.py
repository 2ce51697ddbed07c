"""Addresses below /api/v1/."""

from django.urls import path

from telemetry.api.views import AlertRulesView, AlertsView

urlpatterns = [
    path("alerts/", AlertsView.as_view(), name="api-alerts"),
    path("services/<slug:slug>/alert-rules/", AlertRulesView.as_view(), name="api-alert-rules"),
]
