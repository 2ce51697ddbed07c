"""The gate's addresses below /api/v1/. Where contracts.md writes no slash at the end, both forms answer."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from changes.api import gate
from changes.api.freezes import FreezeView
from changes.api.policy import GuardView, TemplateView

router = SimpleRouter()
router.register("gate/templates", TemplateView, basename="api-gate-template")
router.register("gate/guards", GuardView, basename="api-gate-guard")
router.register("gate/freezes", FreezeView, basename="api-gate-freeze")

urlpatterns = [
    path("gate/checks", gate.ChecksView.as_view(), name="api-gate-checks"),
    path("gate/checks/<int:pk>", gate.CheckView.as_view(), name="api-gate-check"),
    path("gate/checks/<int:pk>/authorise/", gate.AuthoriseView.as_view(), name="api-gate-authorise"),
    path("gate/checks/<int:pk>/refuse/", gate.RefuseView.as_view(), name="api-gate-refuse"),
    path("gate/checks/<int:pk>/override/", gate.OverrideView.as_view(), name="api-gate-override"),
    path("gate/checks/<int:pk>/review/", gate.ReviewView.as_view(), name="api-gate-review"),
    path("", include(router.urls)),
]
