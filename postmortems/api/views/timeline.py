"""The timeline of a post-mortem: what was picked, how it stands there, and moments that are added afterwards."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.models import TimelineEntry
from oncall.requests import read
from postmortems import services
from postmortems.api import timeline as shapes
from postmortems.api.views.base import PartView
from postmortems.models import CuratedEntry, OwnMoment, Postmortem
from postmortems.timeline import of_entry, of_own, told

MANY = shapes.MomentSerializer(many=True)


class TimelineView(PartView):
    serializer_class = shapes.MomentSerializer

    @extend_schema(responses=MANY)
    def get(self, request: Request, number: int) -> Response:
        return self.answers(told(self.whole(Postmortem, number), request.user).moments)

    @extend_schema(request=shapes.CurateSerializer, responses={201: shapes.MomentSerializer})
    def post(self, request: Request, number: int) -> Response:
        postmortem, wanted = self.whole(Postmortem, number), read(shapes.CurateSerializer, request)
        return self.answer(of_entry(services.curate(postmortem=postmortem, **wanted, by=self.asker)), 201)


class SelectedView(PartView):
    serializer_class = shapes.MomentSerializer

    @extend_schema(request=shapes.CurateManySerializer, responses=MANY, description="Pick, or change, several at once.")
    def post(self, request: Request, number: int) -> Response:
        postmortem, wanted = self.whole(Postmortem, number), read(shapes.CurateManySerializer, request)
        picked = services.curate_many(postmortem=postmortem, **wanted, by=self.asker)
        return self.answers([of_entry(one) for one in picked])


class AddMomentView(PartView):
    serializer_class = shapes.MomentSerializer

    @extend_schema(
        request=shapes.AddMomentSerializer,
        responses={201: shapes.MomentSerializer},
        description="Write down what happened: a note on the incident's timeline, picked at once.",
    )
    def post(self, request: Request, number: int) -> Response:
        postmortem, wanted = self.whole(Postmortem, number), read(shapes.AddMomentSerializer, request)
        made = services.add_moment(postmortem=postmortem, **wanted, by=self.asker, source="api")
        return self.answer(of_own(made) if isinstance(made, OwnMoment) else of_entry(made), 201)


class OwnMomentView(PartView):
    serializer_class = shapes.MomentSerializer

    @extend_schema(request=shapes.EditMomentSerializer)
    def patch(self, request: Request, number: int, pk: int) -> Response:
        moment, wanted = self._moment(number, pk), read(shapes.EditMomentSerializer, request)
        return self.answer(of_own(services.edit_moment(moment=moment, **wanted, by=self.asker)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, pk: int) -> Response:
        services.remove_moment(moment=self._moment(number, pk), by=self.asker)
        return Response(status=204)

    def _moment(self, number: int, pk: int) -> OwnMoment:
        return get_object_or_404(OwnMoment, postmortem=self.whole(Postmortem, number), pk=pk)


class PickedView(PartView):
    serializer_class = shapes.MomentSerializer

    @extend_schema(request=shapes.StandsSerializer)
    def patch(self, request: Request, number: int, entry: int) -> Response:
        picked = CuratedEntry.objects.filter(postmortem=self.whole(Postmortem, number))
        found = get_object_or_404(picked.filter(entry__in=self._visible()).select_related("entry"), entry=entry)
        wanted = read(shapes.StandsSerializer, request)
        changed = services.curate(postmortem=found.postmortem, entry=found.entry, **wanted, by=self.asker)
        return self.answer(of_entry(changed))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, entry: int) -> Response:
        postmortem = self.whole(Postmortem, number)
        services.uncurate(postmortem=postmortem, entry=get_object_or_404(self._visible(), pk=entry), by=self.asker)
        return Response(status=204)

    def _visible(self) -> Any:
        return TimelineEntry.objects.visible_to(self.request.user)
