"""Issue trackers: for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.idempotency import Idempotent
from oncall.api.base import Administrators
from oncall.requests import asker, read
from postmortems.api import trackers as shapes
from postmortems.models import Tracker
from postmortems.services import trackers as services


class TrackersView(Idempotent, ListModelMixin, GenericAPIView):
    queryset = Tracker.objects.all()
    serializer_class = shapes.TrackerSerializer
    permission_classes = [IsAuthenticated, Administrators]
    filter_backends = []

    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(request=shapes.AddTrackerSerializer, responses={201: shapes.NewTrackerSerializer})
    def post(self, request: Request) -> Response:
        """The answer tells the secret of its webhook, this once."""
        told = read(shapes.AddTrackerSerializer, request)
        tracker, secret = services.add_tracker(**told, by=asker(request))
        return Response(shapes.NewTrackerSerializer(tracker, context={"secret": secret}).data, status=201)


class TrackerView(Idempotent, GenericAPIView):
    queryset = Tracker.objects.all()
    serializer_class = shapes.TrackerSerializer
    permission_classes = [IsAuthenticated, Administrators]

    def get(self, request: Request, pk: int) -> Response:
        return self.answer(get_object_or_404(Tracker, pk=pk))

    @extend_schema(request=shapes.ChangeTrackerSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Where the address of the API changes, the token is to be given again."""
        told = read(shapes.ChangeTrackerSerializer, request)
        return self.answer(
            services.change_tracker(tracker=get_object_or_404(Tracker, pk=pk), **told, by=asker(request))
        )

    def answer(self, tracker: Tracker) -> Response:
        return Response(self.get_serializer(tracker).data)


@extend_schema(request=None)
class _ActView(TrackerView):
    http_method_names = ["post", "options"]
    act: ClassVar[Callable[..., Any]]

    def post(self, request: Request, pk: int) -> Response:
        return self.answer(type(self).act(tracker=get_object_or_404(Tracker, pk=pk), by=asker(request)))


class TestTrackerView(_ActView):
    act = staticmethod(services.ask_test)


class RetireTrackerView(_ActView):
    act = staticmethod(services.retire_tracker)


class TakeUpTrackerView(_ActView):
    act = staticmethod(services.take_up_tracker)
