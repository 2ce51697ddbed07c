"""Addresses below /api/v1/."""

from django.urls import path

from changes.api.views import ChangesView, ChangeView

urlpatterns = [
    path("changes/", ChangesView.as_view(), name="api-changes"),
    path("changes/<int:pk>/", ChangeView.as_view(), name="api-change"),
]
