"""Addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from telemetry.api.heartbeats import HeartbeatView
from telemetry.api.panel_templates import PanelTemplateView
from telemetry.api.panels import ServicePanelsView
from telemetry.api.views import AlertRulesView, AlertsView, AlertView

router = SimpleRouter()
router.register("heartbeats", HeartbeatView, basename="api-heartbeat")
router.register("panel-templates", PanelTemplateView, basename="api-panel-template")

urlpatterns = [
    path("alerts/", AlertsView.as_view(), name="api-alerts"),
    path("services/<slug:slug>/panels/", ServicePanelsView.as_view(), name="api-service-panels"),
    path("alerts/<int:pk>/", AlertView.as_view(), name="api-alert"),
    path("services/<slug:slug>/alert-rules/", AlertRulesView.as_view(), name="api-alert-rules"),
    path("", include(router.urls)),
]
