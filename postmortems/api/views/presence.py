"""Who is at a post-mortem now, for editors other than ours."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.serializers import Answer, IncidentPersonSerializer
from oncall.requests import read
from postmortems import services
from postmortems.api.views.base import PartView
from postmortems.models import Postmortem, Presence


class HereSerializer(serializers.Serializer):
    section = serializers.SlugField(
        max_length=40, required=False, allow_blank=True, default="", help_text="The one they write in, if any."
    )


class PresenceSerializer(Answer):
    person = IncidentPersonSerializer()

    class Meta:
        model = Presence
        fields = ["person", "section", "seen_at"]


class PresenceView(PartView):
    serializer_class = PresenceSerializer

    @extend_schema(responses=PresenceSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return self._here(self.whole(Postmortem, number))

    @extend_schema(
        request=HereSerializer,
        responses=PresenceSerializer(many=True),
        description="Says that the asker is there. To be said again within 25 seconds.",
    )
    def post(self, request: Request, number: int) -> Response:
        postmortem, told = self.whole(Postmortem, number), read(HereSerializer, request)
        services.be_present(postmortem=postmortem, person=self.asker, **told)
        return self._here(postmortem)

    @extend_schema(responses={204: None}, description="Says that the asker has gone.")
    def delete(self, request: Request, number: int) -> Response:
        services.leave(postmortem=self.whole(Postmortem, number), person=self.asker)
        return Response(status=204)

    def _here(self, postmortem: Postmortem) -> Response:
        return self.answers(services.present(postmortem))
