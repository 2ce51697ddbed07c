"""Which changes it might be, and what people say of them."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from changes.models import Change
from incidents import services
from incidents.api.inputs import VerdictSerializer
from incidents.api.serializers import SuspectSerializer
from incidents.api.views.parts import OfIncident
from incidents.context import suspects_of
from oncall.requests import asker, read


class SuspectsView(OfIncident):
    queryset = Change.objects.none()
    serializer_class = SuspectSerializer
    pagination_class = None

    @extend_schema(responses=SuspectSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        """Suspected changes, best first, with the points of each reason."""
        return Response(SuspectSerializer(suspects_of(self.incident), many=True).data)


class SuspectView(OfIncident):
    queryset = Change.objects.none()
    serializer_class = SuspectSerializer
    http_method_names = ["post", "options"]

    @extend_schema(request=VerdictSerializer, responses=SuspectSerializer)
    def post(self, request: Request, number: int, change: int) -> Response:
        """Say whether a change had a part; answers the suspects as they now stand."""
        told = read(VerdictSerializer, request)
        judged = get_object_or_404(Change.objects.visible_to(request.user), pk=change)
        verdict = services.judge(incident=self.incident, change=judged, by=asker(request), **told)
        found = [suspect for suspect in suspects_of(self.incident) if suspect.change == judged]
        return Response(SuspectSerializer(found[0]).data if found else {"verdict": verdict.verdict})
