"""Declaring, listing, reading, correcting and moving incidents."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from incidents import services
from incidents.api.filters import IncidentFilter
from incidents.api.inputs import DeclareSerializer, EditSerializer, MergeSerializer, TransitionSerializer
from incidents.api.serializers import IncidentDetailSerializer, IncidentSerializer
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet
from notifications.idempotency import Idempotent
from oncall.requests import asker, read


class IncidentViewSet(Idempotent, mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = Incident.objects.none()
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilter
    lookup_field = "number"

    def get_queryset(self) -> IncidentQuerySet:
        visible = Incident.objects.visible_to(self.request.user)
        return visible.select_related("declared_by", "merged_into").prefetch_related("services", "roles__person")

    @extend_schema(
        request=DeclareSerializer,
        responses={
            201: IncidentDetailSerializer,
            200: OpenApiResponse(IncidentDetailSerializer, "The open incident with this dedup_key."),
        },
    )
    def create(self, request: Request) -> Response:
        """Declare an incident; its services are paged."""
        told = read(DeclareSerializer, request)
        incident, created = services.declare(**told, source="api", by=asker(request))
        return self._answer(incident, status=201 if created else 200)

    @extend_schema(responses=IncidentDetailSerializer)
    def retrieve(self, request: Request, number: int) -> Response:
        return self._answer(self.get_object())

    @extend_schema(request=EditSerializer, responses=IncidentDetailSerializer)
    def partial_update(self, request: Request, number: int) -> Response:
        """Correct the title, summary, severity, privacy or times: all of what is given, or nothing."""
        told, incident, by = read(EditSerializer, request), self.get_object(), asker(request)
        with transaction.atomic():
            if (private := told.pop("private", None)) is not None:
                services.set_private(incident=incident, private=private, by=by)
            if severity := told.pop("severity", None):
                services.change_severity(incident=incident, severity=severity, by=by)
            services.edit(incident=incident, by=by, **told)
        return self._answer(incident)

    @extend_schema(
        request=TransitionSerializer,
        responses={
            200: IncidentDetailSerializer,
            409: OpenApiResponse(description="Not from this status; `allowed` names the moves that are."),
        },
    )
    def transition(self, request: Request, number: int) -> Response:
        """Move an incident along its life."""
        told = read(TransitionSerializer, request)
        return self._answer(services.transition(incident=self.get_object(), by=asker(request), **told))

    @extend_schema(request=MergeSerializer, responses=IncidentDetailSerializer)
    def merge(self, request: Request, number: int) -> Response:
        """Close this incident as the same as another, which goes on; answers the closed one."""
        told = read(MergeSerializer, request)
        into = get_object_or_404(self.get_queryset(), number=told["into"])
        return self._answer(services.merge(incident=self.get_object(), into=into, by=asker(request)))

    def _answer(self, incident: Incident, status: int = 200) -> Response:
        """The incident as it now stands. Who has just given up their own sight of it still gets this answer."""
        whole = Incident.objects.select_related("declared_by", "merged_into").prefetch_related(
            "services", "roles__person", "participant_set__person"
        )
        return Response(IncidentDetailSerializer(whole.get(pk=incident.pk)).data, status=status)
