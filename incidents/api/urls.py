"""Addresses below /api/v1/."""

from django.urls import path

from incidents.api.views import parts, suspects
from incidents.api.views.incidents import IncidentViewSet as Incidents

ONE = "incidents/<int:number>/"

urlpatterns = [
    path("incidents/", Incidents.as_view({"get": "list", "post": "create"}), name="api-incidents"),
    path(ONE, Incidents.as_view({"get": "retrieve", "patch": "partial_update"}), name="api-incident"),
    path(f"{ONE}transition/", Incidents.as_view({"post": "transition"}), name="api-incident-transition"),
    path(f"{ONE}merge/", Incidents.as_view({"post": "merge"}), name="api-incident-merge"),
    path(f"{ONE}timeline/", parts.TimelineView.as_view(), name="api-incident-timeline"),
    path(f"{ONE}alerts/", parts.IncidentAlertsView.as_view(), name="api-incident-alerts"),
    path(f"{ONE}roles/", parts.RolesView.as_view(), name="api-incident-roles"),
    path(f"{ONE}updates/", parts.UpdatesView.as_view(), name="api-incident-updates"),
    path(f"{ONE}tasks/", parts.TasksView.as_view(), name="api-incident-tasks"),
    path(f"{ONE}tasks/<int:pk>/complete/", parts.CompleteTaskView.as_view(), name="api-incident-task-complete"),
    path(f"{ONE}services/", parts.AffectedServicesView.as_view(), name="api-incident-services"),
    path(f"{ONE}services/<slug:slug>/", parts.AffectedServiceView.as_view(), name="api-incident-service"),
    path(f"{ONE}people/", parts.PeopleView.as_view(), name="api-incident-people"),
    path(f"{ONE}suspects/", suspects.SuspectsView.as_view(), name="api-incident-suspects"),
    path(f"{ONE}suspects/<int:change>/", suspects.SuspectView.as_view(), name="api-incident-suspect"),
]
