"""Post-mortems: list, open, read, move along, export."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import Incident
from oncall.requests import read
from postmortems import services
from postmortems.api import inputs
from postmortems.api.exports import PostmortemExportSerializer
from postmortems.api.filters import PostmortemFilter
from postmortems.api.serializers import PostmortemDetailSerializer, PostmortemSerializer
from postmortems.api.views.base import PartView, RecordsView, RecordView
from postmortems.export import FORMATS, exported
from postmortems.models import Postmortem
from postmortems.services import scope

LISTED = Postmortem.objects.select_related("template", "facilitator").prefetch_related("incidents", "services")
DETAILED = LISTED.prefetch_related("sections", "findings__factor", "reviews__person")


class OwnFormat(DefaultContentNegotiation):
    """`format` is a parameter of ours, not REST framework's: we answer errors in JSON whatever it says."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class PostmortemsView(RecordsView):
    queryset = LISTED
    serializer_class = PostmortemSerializer
    detail_class = PostmortemDetailSerializer
    filterset_class = PostmortemFilter

    @extend_schema(request=inputs.OpenSerializer, responses={201: PostmortemDetailSerializer})
    def post(self, request: Request) -> Response:
        told = read(inputs.OpenSerializer, request)
        one = told.pop("incident", None)
        told["incidents"] = {
            incident.pk: incident for incident in [*told["incidents"], *([one] if one else [])]
        }.values()
        return self.made(services.open_postmortem(**told, by=self.asker))


class PostmortemView(RecordView):
    queryset = DETAILED
    serializer_class = PostmortemDetailSerializer

    @extend_schema(request=inputs.EditPostmortemSerializer)
    def patch(self, request: Request, number: int) -> Response:
        postmortem, told = self.get_object(), read(inputs.EditPostmortemSerializer, request)
        if "title" in told:
            services.rename(postmortem=postmortem, title=told["title"], by=self.asker)
        if "facilitator" in told:
            services.set_facilitator(postmortem=postmortem, person=told["facilitator"], by=self.asker)
        if "services" in told:
            scope.set_services(postmortem=postmortem, services=told["services"], by=self.asker)
        return self.answer(postmortem)


@extend_schema(request=inputs.IncidentOfSerializer, responses=PostmortemDetailSerializer)
class IncidentsOfView(RecordView):
    queryset = DETAILED
    serializer_class = PostmortemDetailSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        told = read(inputs.IncidentOfSerializer, request)
        return self.answer(scope.add_incident(postmortem=self.get_object(), **told, by=self.asker))


class IncidentOfView(PartView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, incident: int) -> Response:
        postmortem = self.whole(Postmortem, number)
        scope.remove_incident(postmortem=postmortem, incident=self.whole(Incident, incident), by=self.asker)
        return Response(status=204)


@extend_schema(request=inputs.PostmortemMoveSerializer, responses=PostmortemDetailSerializer)
class MovePostmortemView(RecordView):
    queryset = DETAILED
    serializer_class = PostmortemDetailSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        told = read(inputs.PostmortemMoveSerializer, request)
        return self.answer(services.transition(postmortem=self.get_object(), **told, by=self.asker))


class ExportView(PartView):
    content_negotiation_class = OwnFormat
    renderer_classes = [JSONRenderer]
    serializer_class = PostmortemDetailSerializer

    @extend_schema(
        parameters=[OpenApiParameter("format", enum=list(FORMATS), default="md")],
        responses={
            (200, "text/markdown"): OpenApiTypes.STR,
            (200, "text/html"): OpenApiTypes.STR,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "application/json"): PostmortemExportSerializer,
        },
    )
    def get(self, request: Request, number: int) -> HttpResponse:
        wanted = request.query_params.get("format", "md")
        return exported(self.whole(Postmortem, number), request.user, wanted).response()
