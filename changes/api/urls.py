"""Addresses below /api/v1/."""

from django.urls import path

from changes.api.export import ExportView
from changes.api.pipelines import PipelinesView, PipelineView
from changes.api.views import ChangesView, ChangeView

urlpatterns = [
    path("changes/", ChangesView.as_view(), name="api-changes"),
    path("changes/export", ExportView.as_view(), name="api-changes-export"),
    path("changes/<int:pk>/", ChangeView.as_view(), name="api-change"),
    path("pipelines/", PipelinesView.as_view(), name="api-pipelines"),
    path("pipelines/<int:pk>/", PipelineView.as_view(), name="api-pipeline"),
]
