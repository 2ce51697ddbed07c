"""`gate/checks`: may this be changed now? And what people say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from changes.api.gate_fields import AnswerSerializer, QuestionSerializer, WhySerializer
from changes.gate import Question, authorise, check, override, refuse, review
from changes.gate.incidents import with_known_incidents
from changes.models import GateCheck
from notifications.filters import MomentFilter
from notifications.idempotency import Idempotent
from oncall.api.base import Visible
from oncall.requests import asker, read

CHECKS = GateCheck.objects.select_related("service", "template", "freeze").prefetch_related("verdicts")


class CheckFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug", label="Service")
    environment = django_filters.CharFilter(lookup_expr="iexact", label="Environment")
    decision = django_filters.ChoiceFilter(choices=GateCheck.Decision.choices, label="Decision")
    rule = django_filters.CharFilter(label="Rule")
    revision = django_filters.CharFilter(label="Revision")
    since = MomentFilter(field_name="asked_at", lookup_expr="gte", label="Since")
    until = MomentFilter(field_name="asked_at", lookup_expr="lte", label="Until")

    class Meta:
        model = GateCheck
        fields: list[str] = []


class ChecksView(Idempotent, Visible, generics.ListAPIView):
    queryset = CHECKS
    serializer_class = AnswerSerializer
    filterset_class = CheckFilter

    def paginate_queryset(self, queryset: Any) -> Any:
        return with_known_incidents(super().paginate_queryset(queryset) or [], asker(self.request))

    @extend_schema(request=QuestionSerializer, responses={200: AnswerSerializer})
    def post(self, request: Request) -> Response:
        """May this be changed now? The same question again is the same check, decided anew."""
        given = read(QuestionSerializer, request)
        asked = check(question=Question(**given), by=asker(request))
        return _answer(asked.pk, request)


class CheckView(APIView):
    @extend_schema(responses={200: AnswerSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """A check, as it stands at this moment."""
        return _answer(pk, request)


class VerdictView(Idempotent, APIView):
    """What somebody says of a check; the answer is the check, decided anew."""

    act: Callable[..., GateCheck]

    @extend_schema(request=WhySerializer, responses={200: AnswerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say it, and why."""
        found = get_object_or_404(GateCheck.objects.visible_to(request.user), pk=pk)
        type(self).act(check=found, by=asker(request), **read(WhySerializer, request))
        return _answer(pk, request)


class AuthoriseView(VerdictView):
    act = staticmethod(authorise)


class RefuseView(VerdictView):
    act = staticmethod(refuse)


class OverrideView(VerdictView):
    act = staticmethod(override)


class ReviewView(VerdictView):
    act = staticmethod(review)


def _answer(pk: int, request: Request) -> Response:
    found = get_object_or_404(CHECKS.visible_to(request.user), pk=pk)
    [shown] = with_known_incidents([found], asker(request))
    serializer: serializers.BaseSerializer[Any] = AnswerSerializer(shown)
    return Response(serializer.data)
