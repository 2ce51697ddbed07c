"""The API, version 1: each room's own part, and the schema of it all."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("oncall.api.urls")),
    path("", include("changes.api.urls")),
    path("", include("changes.api.gate_urls")),
    path("", include("telemetry.api.urls")),
    path("", include("incidents.api.urls")),
    path("", include("postmortems.api.urls")),
    path("", include("slack.api.urls")),
]
