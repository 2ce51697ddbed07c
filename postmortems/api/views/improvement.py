"""What teams have to do, and the time they set aside for it."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.idempotency import Idempotent
from oncall.requests import asker, read
from postmortems.action_board import loads
from postmortems.api import improvement as shapes
from postmortems.models import ImprovementTime
from postmortems.services.improvement import set_improvement_time


class ImprovementTimeView(Idempotent, ListModelMixin, GenericAPIView):
    queryset = ImprovementTime.objects.select_related("team")
    serializer_class = shapes.ImprovementTimeSerializer
    filterset_class = shapes.ImprovementTimeFilter

    def get(self, request: Request) -> Response:
        """By week, the latest first. Hours are of the whole team, never of a person."""
        return self.list(request)

    @extend_schema(request=shapes.TellImprovementTimeSerializer)
    def post(self, request: Request) -> Response:
        """Plan a week or report it; what is left out stays as it is."""
        told = read(shapes.TellImprovementTimeSerializer, request)
        return Response(self.get_serializer(set_improvement_time(**told, by=asker(request))).data)


class ActionTeamsView(GenericAPIView):
    serializer_class = shapes.TeamActionsSerializer
    pagination_class = None
    filter_backends = []

    @extend_schema(responses=shapes.TeamActionsSerializer(many=True))
    def get(self, request: Request) -> Response:
        """How many actions are open and overdue, by owning team, the most overdue first."""
        return Response(self.get_serializer(loads(request.user, timezone.localdate()), many=True).data)
