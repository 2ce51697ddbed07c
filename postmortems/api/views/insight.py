"""Trends, search, and the coach on any text."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from notifications.errors import InvalidInput
from notifications.fields import Moment
from oncall.requests import read
from postmortems import language, trends
from postmortems.api import inputs
from postmortems.api.records import FindingsSerializer, SearchSerializer
from postmortems.api.views.base import PartView
from postmortems.api.views.postmortems import OwnFormat
from postmortems.finding.search import search
from postmortems.trends import Figure

ASKED = ("since", "until", "service", "team")
PARAMETERS = [OpenApiParameter(name) for name in ASKED]


class PeriodSerializer(serializers.Serializer):
    since = Moment()
    until = Moment()


class FigureSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    n = serializers.IntegerField()
    period = PeriodSerializer()
    value = serializers.JSONField(allow_null=True)
    series = serializers.ListField(child=serializers.DictField())
    rows_url = serializers.URLField()


class RowsSerializer(serializers.Serializer):
    rows = serializers.ListField(child=serializers.DictField())


class TrendPart(PartView):
    content_negotiation_class = OwnFormat
    renderer_classes = [JSONRenderer]

    def figure(self, request: Request, name: str) -> Figure:
        asked = {key: request.query_params.get(key, "") for key in ASKED}
        return trends.figure(name, user=request.user, filters=trends.parse(**asked))


class TrendView(TrendPart):
    serializer_class = FigureSerializer

    @extend_schema(
        parameters=[*PARAMETERS, OpenApiParameter("format", enum=["json", "csv"], default="json")],
        responses={(200, "application/json"): FigureSerializer, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, figure: str) -> HttpResponse | Response:
        wanted = request.query_params.get("format", "json")
        if wanted not in ("json", "csv"):
            raise InvalidInput(format=f"{wanted!r} is no format of figures: choose json or csv.")
        found = self.figure(request, figure)
        if wanted == "csv":
            return _csv(found)
        asked = {key: value for key in ASKED if (value := request.query_params.get(key))}
        rows_url = reverse("api-trend-rows", args=[figure], request=request)
        return self.answer(_told(found) | {"rows_url": rows_url + (f"?{urlencode(asked)}" if asked else "")})


class TrendRowsView(TrendPart):
    serializer_class = RowsSerializer

    @extend_schema(parameters=PARAMETERS, description="The records behind a figure, as far as you may see them.")
    def get(self, request: Request, figure: str) -> Response:
        return Response({"rows": self.figure(request, figure).rows})


@extend_schema(parameters=[inputs.SearchedSerializer], responses=SearchSerializer)
class SearchView(PartView):
    serializer_class = SearchSerializer

    def get(self, request: Request) -> Response:
        asked = inputs.SearchedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        return self.answer(search(given.pop("q"), request.user, **given))


class CheckView(PartView):
    serializer_class = FindingsSerializer

    @extend_schema(request=inputs.CheckSerializer)
    def post(self, request: Request) -> Response:
        told = read(inputs.CheckSerializer, request)
        return Response({"findings": [one.to_dict() for one in language.check(told["text"], told["kind"])]})


def _told(figure: Figure) -> dict[str, Any]:
    return {name: value for name, value in vars(figure).items() if name not in ("rows", "period")} | {
        "period": asdict(figure.period)
    }


def _csv(figure: Figure) -> HttpResponse:
    """The rows behind the figure; a text that a spreadsheet would run begins with an apostrophe."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{figure.name}.csv"'
    writer = csv.DictWriter(answer, fieldnames=list(figure.rows[0]) if figure.rows else ["number"])
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in figure.rows)
    return answer


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return f"'{value}"
    if isinstance(value, datetime):
        return Moment().to_representation(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
