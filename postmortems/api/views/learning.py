"""Subscriptions, the post-mortem of the month, and the reading club."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.pagination import Pages
from oncall.requests import read
from postmortems import services
from postmortems.api import learning
from postmortems.api.views.base import PartView
from postmortems.models import OfTheMonth, ReadingSession, Subscription

SESSIONS = ReadingSession.objects.select_related("postmortem", "host").prefetch_related("readers")


class SubscriptionsView(PartView):
    """One's own subscriptions."""

    serializer_class = learning.SubscriptionSerializer

    @extend_schema(responses=learning.SubscriptionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.answers(Subscription.objects.filter(person=self.asker).select_related("service", "team", "factor"))

    @extend_schema(request=learning.SubscribeSerializer, responses={201: learning.SubscriptionSerializer})
    def post(self, request: Request) -> Response:
        return self.answer(services.subscribe(**read(learning.SubscribeSerializer, request), by=self.asker), 201)


class SubscriptionView(PartView):
    serializer_class = learning.SubscriptionSerializer

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.unsubscribe(subscription=get_object_or_404(Subscription, pk=pk, person=self.asker))
        return Response(status=204)


class OfTheMonthView(PartView):
    """The chosen ones, the latest month first; POST chooses for a month."""

    serializer_class = learning.OfTheMonthSerializer

    @extend_schema(responses=learning.OfTheMonthSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.answers(OfTheMonth.objects.visible_to(request.user).select_related("postmortem")[:24])

    @extend_schema(request=learning.ChooseSerializer, responses={201: learning.OfTheMonthSerializer})
    def post(self, request: Request) -> Response:
        return self.answer(services.choose_of_the_month(**read(learning.ChooseSerializer, request), by=self.asker), 201)


class ReadingSessionsView(ListModelMixin, PartView):
    """Sessions of the reading club, the latest first."""

    serializer_class = learning.ReadingSessionSerializer
    pagination_class = Pages  # type: ignore[assignment]

    def get_queryset(self) -> QuerySet[Any]:
        return SESSIONS.visible_to(self.request.user).order_by("-at", "-id")

    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(request=learning.PlanSessionSerializer, responses={201: learning.ReadingSessionSerializer})
    def post(self, request: Request) -> Response:
        return self.answer(services.plan_session(**read(learning.PlanSessionSerializer, request), by=self.asker), 201)


class _Session(PartView):
    serializer_class = learning.ReadingSessionSerializer

    def found(self, pk: int) -> ReadingSession:
        return get_object_or_404(SESSIONS.visible_to(self.request.user), pk=pk)

    def now(self, session: ReadingSession) -> Response:
        """The session as it is now, read anew."""
        return self.answer(self.found(session.pk))


class ReadingSessionView(_Session):
    def get(self, request: Request, pk: int) -> Response:
        return self.answer(self.found(pk))

    @extend_schema(request=learning.EditSessionSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        told = read(learning.EditSessionSerializer, request)
        return self.now(services.edit_session(session=self.found(pk), by=self.asker, **told))


@extend_schema(request=learning.ComeSerializer)
class ComeAlongView(_Session):
    def post(self, request: Request, pk: int) -> Response:
        told = read(learning.ComeSerializer, request)
        return self.now(services.come_along(session=self.found(pk), by=self.asker, **told))


@extend_schema(request=None)
class CancelSessionView(_Session):
    def post(self, request: Request, pk: int) -> Response:
        return self.now(services.cancel_session(session=self.found(pk), by=self.asker))
