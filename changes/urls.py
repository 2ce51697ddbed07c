"""Pages and fragments of this room."""

from django.urls import path

from changes.views import ledger, pipelines

app_name = "changes"
urlpatterns = [
    path("changes/", ledger.change_list, name="list"),
    path("changes/<int:pk>/", ledger.change_detail, name="detail"),
    path("changes/pipelines/", pipelines.pipelines, name="pipelines"),
    path("services/<slug:slug>/changes/", ledger.of_service, name="of-service"),
]
