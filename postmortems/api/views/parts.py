"""What belongs to a post-mortem: factors, reviewers; and what an incident has to do with this room."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import Incident
from oncall.models import Service
from oncall.requests import read
from postmortems import services
from postmortems.api import inputs, serializers
from postmortems.api.records import SeenBeforeSerializer
from postmortems.api.views.base import PartView
from postmortems.finding.seen_before import MOST, find, for_incident
from postmortems.models import FactorFinding, Postmortem, Review


class FactorsView(PartView):
    serializer_class = serializers.FactorFindingSerializer

    @extend_schema(responses=serializers.FactorFindingSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return self.answers(self.whole(Postmortem, number).findings.select_related("factor"))

    @extend_schema(request=inputs.AddFactorSerializer, responses={201: serializers.FactorFindingSerializer})
    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(inputs.AddFactorSerializer, request)
        return self.answer(services.add_factor(postmortem=postmortem, **told, by=self.asker), 201)


class FactorView(PartView):
    serializer_class = serializers.FactorFindingSerializer

    @extend_schema(request=inputs.EditFactorSerializer)
    def patch(self, request: Request, number: int, pk: int) -> Response:
        finding, told = self._finding(number, pk), read(inputs.EditFactorSerializer, request)
        return self.answer(services.edit_factor(finding=finding, **told, by=self.asker))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, pk: int) -> Response:
        services.remove_factor(finding=self._finding(number, pk), by=self.asker)
        return Response(status=204)

    def _finding(self, number: int, pk: int) -> FactorFinding:
        return get_object_or_404(FactorFinding, postmortem=self.whole(Postmortem, number), pk=pk)


class ReviewersView(PartView):
    serializer_class = serializers.ReviewSerializer

    @extend_schema(responses=serializers.ReviewSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return self.answers(self.whole(Postmortem, number).reviews.select_related("person"))

    @extend_schema(request=inputs.AskReviewerSerializer, responses={201: serializers.ReviewSerializer})
    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(inputs.AskReviewerSerializer, request)
        return self.answer(services.ask_reviewer(postmortem=postmortem, **told, by=self.asker), 201)


class ReviewerView(PartView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, pk: int) -> Response:
        review = get_object_or_404(Review, postmortem=self.whole(Postmortem, number), pk=pk)
        services.remove_reviewer(review=review, by=self.asker)
        return Response(status=204)


@extend_schema(request=inputs.SignOffSerializer, description="The asker's own sign-off.")
class SignOffView(PartView):
    serializer_class = serializers.ReviewSerializer

    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(inputs.SignOffSerializer, request)
        return self.answer(services.sign_off(postmortem=postmortem, **told, by=self.asker))


@extend_schema(request=inputs.ExemptSerializer, responses={201: serializers.ExemptionSerializer})
class ExemptView(PartView):
    serializer_class = serializers.ExemptionSerializer

    def post(self, request: Request, number: int) -> Response:
        incident, told = self.whole(Incident, number), read(inputs.ExemptSerializer, request)
        return self.answer(services.exempt(incident=incident, **told, by=self.asker), 201)


class SeenBeforeView(PartView):
    serializer_class = SeenBeforeSerializer

    def get(self, request: Request, number: int) -> Response:
        return self.answer(for_incident(self.whole(Incident, number), request.user))


@extend_schema(
    parameters=[
        OpenApiParameter("q", description="What one meets, in words."),
        OpenApiParameter("services", description="Slugs of what is concerned, with commas between."),
        OpenApiParameter("limit", int, description=f"Of each kind: 1 to {MOST}."),
    ]
)
class SeenInWordsView(PartView):
    """Known errors, incidents and articles that resemble words, before anything is declared."""

    serializer_class = SeenBeforeSerializer

    def get(self, request: Request) -> Response:
        asked = inputs.SeenInWordsSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        slugs = [slug.strip() for slug in given["services"].split(",") if slug.strip()]
        concerned = Service.objects.visible_to(request.user).filter(slug__in=slugs)
        return self.answer(find(given["q"], request.user, services=concerned, limit=given["limit"]))
