"""What belongs to one incident: its timeline, roles, updates, tasks, services and people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import services
from incidents.api.filters import TimelineFilter
from incidents.api.inputs import (
    AddPersonSerializer,
    AddTaskSerializer,
    AffectedSerializer,
    NoteSerializer,
    PostUpdateSerializer,
    RoleSerializer,
)
from incidents.api.serializers import (
    IncidentServiceSerializer,
    ParticipantSerializer,
    RoleAssignmentSerializer,
    TaskSerializer,
    TimelineEntrySerializer,
    UpdateSerializer,
)
from incidents.models import Incident, Participant, RoleAssignment, Task, TimelineEntry, Update
from notifications.idempotency import Idempotent
from oncall.models import Service
from oncall.requests import asker, read
from telemetry.api.serializers import AlertSerializer
from telemetry.filters import AlertFilter
from telemetry.models import Alert


class OfIncident(Idempotent, generics.ListAPIView):
    """A list of something of one incident; 404 where the asker may not see the incident."""

    filter_backends: Sequence[Any] = ()

    @cached_property
    def incident(self) -> Incident:
        visible = Incident.objects.visible_to(self.request.user)
        return get_object_or_404(visible, number=self.kwargs["number"])

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset  # type: ignore[return-value, arg-type]
        return self.of(self.incident)

    def of(self, incident: Incident) -> QuerySet[Any]:
        raise NotImplementedError

    def created(self, row: Any) -> Response:
        return Response(self.serializer_class(row).data, status=201)  # type: ignore[misc]


class TimelineView(OfIncident):
    queryset = TimelineEntry.objects.none()
    serializer_class = TimelineEntrySerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = TimelineFilter

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.timeline.select_related("actor").order_by("at", "id")

    @extend_schema(request=NoteSerializer, responses={201: TimelineEntrySerializer})
    def post(self, request: Request, number: int) -> Response:
        """Write something down, also what happened earlier."""
        told = read(NoteSerializer, request)
        return self.created(services.add_note(incident=self.incident, by=asker(request), **told))


class IncidentAlertsView(OfIncident):
    """The alerts that this incident has taken in, the newest first."""

    queryset = Alert.objects.none()
    serializer_class = AlertSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = AlertFilter
    http_method_names = ["get", "head", "options"]

    def of(self, incident: Incident) -> QuerySet[Any]:
        return Alert.objects.filter(incidents=incident).select_related("service")


class RolesView(OfIncident):
    queryset = RoleAssignment.objects.none()
    serializer_class = RoleAssignmentSerializer

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.roles.select_related("person")

    @extend_schema(request=RoleSerializer, responses={201: RoleAssignmentSerializer, 204: None})
    def post(self, request: Request, number: int) -> Response:
        """Give a role to somebody, or lay it down (204 where nobody held it)."""
        told, by = read(RoleSerializer, request), asker(request)
        if told["person"]:
            return self.created(services.assign_role(incident=self.incident, by=by, **told))
        released = services.release_role(incident=self.incident, role=told["role"], by=by)
        return self.created(released) if released else Response(status=204)


class UpdatesView(OfIncident):
    queryset = Update.objects.none()
    serializer_class = UpdateSerializer

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.updates.select_related("posted_by").order_by("at", "id")

    @extend_schema(request=PostUpdateSerializer, responses={201: UpdateSerializer})
    def post(self, request: Request, number: int) -> Response:
        """Tell stakeholders what is known, and when they will hear more."""
        told = read(PostUpdateSerializer, request)
        return self.created(services.post_update(incident=self.incident, by=asker(request), source="api", **told))


class TasksView(OfIncident):
    queryset = Task.objects.none()
    serializer_class = TaskSerializer

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.tasks.select_related("assignee")

    @extend_schema(request=AddTaskSerializer, responses={201: TaskSerializer})
    def post(self, request: Request, number: int) -> Response:
        told = read(AddTaskSerializer, request)
        return self.created(services.add_task(incident=self.incident, by=asker(request), **told))


class CompleteTaskView(OfIncident):
    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=TaskSerializer)
    def post(self, request: Request, number: int, pk: int) -> Response:
        """Say that a task is done."""
        task = get_object_or_404(self.incident.tasks, pk=pk)
        return Response(TaskSerializer(services.complete_task(task=task, by=asker(request))).data)


class AffectedServicesView(OfIncident):
    queryset = Service.objects.none()
    serializer_class = IncidentServiceSerializer

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.services.all()

    @extend_schema(request=AffectedSerializer, responses={201: IncidentServiceSerializer})
    def post(self, request: Request, number: int) -> Response:
        """Say that a service is affected too; those who answer for it are paged."""
        service = read(AffectedSerializer, request)["service"]
        services.add_service(incident=self.incident, service=service, by=asker(request))
        return self.created(service)


class AffectedServiceView(OfIncident):
    queryset = Service.objects.none()
    serializer_class = IncidentServiceSerializer
    http_method_names = ["delete", "options"]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, slug: str) -> Response:
        """Say that a service is not affected."""
        service = get_object_or_404(self.incident.services, slug=slug)
        services.remove_service(incident=self.incident, service=service, by=asker(request))
        return Response(status=204)


class PeopleView(OfIncident):
    queryset = Participant.objects.none()
    serializer_class = ParticipantSerializer

    def of(self, incident: Incident) -> QuerySet[Any]:
        return incident.participant_set.select_related("person")

    @extend_schema(request=AddPersonSerializer, responses={201: ParticipantSerializer})
    def post(self, request: Request, number: int) -> Response:
        """Have somebody take part, so that they see it though it is private."""
        told = read(AddPersonSerializer, request)
        return self.created(services.add_person(incident=self.incident, by=asker(request), **told))
