"""Addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from telemetry.api.heartbeats import HeartbeatView
from telemetry.api.views import AlertRulesView, AlertsView

router = SimpleRouter()
router.register("heartbeats", HeartbeatView, basename="api-heartbeat")

urlpatterns = [
    path("alerts/", AlertsView.as_view(), name="api-alerts"),
    path("services/<slug:slug>/alert-rules/", AlertRulesView.as_view(), name="api-alert-rules"),
    path("", include(router.urls)),
]
