"""Sections: reading, saving upon a version, history, and what the coach says."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.requests import read
from postmortems import services
from postmortems.api import inputs
from postmortems.api.records import FindingsSerializer
from postmortems.api.serializers import RevisionSerializer, SavedSectionSerializer, SectionSerializer
from postmortems.api.views.base import PartView
from postmortems.models import Postmortem, Section


class _SectionPart(PartView):
    def section(self, number: int, key: str) -> Section:
        return get_object_or_404(Section, postmortem=self.whole(Postmortem, number), key=key)

    def saved(self, saved: services.Saved) -> Response:
        return self.answer(saved.section, withdrawn=saved.withdrawn)


class SectionView(_SectionPart):
    serializer_class = SavedSectionSerializer

    @extend_schema(responses=SectionSerializer)
    def get(self, request: Request, number: int, key: str) -> Response:
        return Response(SectionSerializer(self.section(number, key)).data)

    @extend_schema(
        request=inputs.SaveSectionSerializer,
        description="Saves upon `version`. If it was saved meanwhile: 409 with `current` {version, body}, `yours`, and "
        "both together in `merged`, which is a proposal unless `clean`; with `merge` a clean one is saved.",
    )
    def patch(self, request: Request, number: int, key: str) -> Response:
        postmortem, told = self.section(number, key).postmortem, read(inputs.SaveSectionSerializer, request)
        return self.saved(services.save_section(postmortem=postmortem, key=key, **told, by=self.asker))


class RevisionsView(_SectionPart):
    serializer_class = RevisionSerializer

    @extend_schema(responses=RevisionSerializer(many=True))
    def get(self, request: Request, number: int, key: str) -> Response:
        return self.answers(self.section(number, key).revisions.select_related("by"))


@extend_schema(request=inputs.RestoreSerializer)
class RestoreView(_SectionPart):
    serializer_class = SavedSectionSerializer

    def post(self, request: Request, number: int, key: str) -> Response:
        postmortem, told = self.section(number, key).postmortem, read(inputs.RestoreSerializer, request)
        return self.saved(services.restore_revision(postmortem=postmortem, key=key, **told, by=self.asker))


class CoachView(_SectionPart):
    serializer_class = FindingsSerializer

    def get(self, request: Request, number: int, key: str) -> Response:
        return self._findings(self.section(number, key))

    @extend_schema(request=inputs.DismissSerializer, description="Sets a finding aside, with a reason.")
    def post(self, request: Request, number: int, key: str) -> Response:
        section = self.section(number, key)
        services.dismiss(section=section, **read(inputs.DismissSerializer, request), by=self.asker)
        return self._findings(section)

    def _findings(self, section: Section) -> Response:
        return Response({"findings": [finding.to_dict() for finding in services.coach(section)]})
