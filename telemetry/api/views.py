"""`alerts/`, and the rules of a service that say what they lead to."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from oncall.api.base import Visible
from oncall.models import Service
from oncall.requests import asker, read
from telemetry.api.serializers import AlertSerializer, RulesSerializer
from telemetry.filters import AlertFilter
from telemetry.models import Alert
from telemetry.rules import replace_rules, rules_of
from telemetry.severity import DEFAULT_RULES


class AlertsView(Visible, generics.ListAPIView):
    queryset = Alert.objects.select_related("service")
    serializer_class = AlertSerializer
    filterset_class = AlertFilter


class AlertView(Visible, generics.RetrieveAPIView):
    queryset = Alert.objects.select_related("service")
    serializer_class = AlertSerializer


class AlertRulesView(APIView):
    @extend_schema(responses=RulesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The rules in force for alerts of this service."""
        return self._answer(self._service(request, slug))

    @extend_schema(request=RulesSerializer, responses=RulesSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Replace them; an empty list brings the default rules back."""
        service = self._service(request, slug)
        replace_rules(service=service, rules=read(RulesSerializer, request)["rules"], by=asker(request))
        return self._answer(service)

    def _service(self, request: Request, slug: str) -> Service:
        return get_object_or_404(Service.objects.visible_to(request.user), slug=slug)

    def _answer(self, service: Service) -> Response:
        rules = rules_of(service)
        return Response(RulesSerializer({"rules": rules, "default": rules is DEFAULT_RULES}).data)
