"""Bringing in write-ups of the past, by a program."""

from __future__ import annotations

from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.errors import InvalidInput
from notifications.idempotency import Idempotent
from notifications.parsers import StrictJSONParser
from oncall.api.base import Administrators
from oncall.requests import asker, read
from postmortems.import_report import ordered
from postmortems.models import Import
from postmortems.services.importing import start_import


class LinesParser(BaseParser):
    """The body itself is the file."""

    media_type = "application/x-ndjson"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {"raw": stream.read()}


class TextParser(LinesParser):
    media_type = "text/plain"


class JsonLinesParser(LinesParser):
    media_type = "application/jsonl"


class NewImportSerializer(serializers.Serializer):
    file = serializers.FileField(required=False, help_text="In multipart/form-data: JSON lines, 25 MB at most.")
    text = serializers.CharField(
        required=False, trim_whitespace=False, help_text="The lines; or send a file, or the lines as the whole body."
    )
    name = serializers.CharField(default="", max_length=200, allow_blank=True, help_text="Of the file.")
    strict = serializers.BooleanField(default=False, help_text="Refuse lines with times that cannot be used.")
    create_services = serializers.BooleanField(default=False, help_text="Make the services that nobody knows.")


class ImportRowSerializer(serializers.ModelSerializer):
    by = serializers.EmailField(source="by.email", default=None, read_only=True)

    class Meta:
        model = Import
        fields = [
            *("id", "name", "state", "total", "position", "created", "unchanged", "refused"),
            *("strict", "create_services", "by", "at", "finished_at"),
        ]
        read_only_fields = fields


class RemarkSerializer(serializers.Serializer):
    line = serializers.IntegerField(help_text="From 1.")
    field = serializers.CharField(help_text="By our name for it; empty for the whole line.")
    value = serializers.CharField(help_text="Shortened.")
    text = serializers.CharField(help_text="What was not understood, and what to do.")
    refused = serializers.BooleanField(help_text="The line was left out.")


class WriteUpImportSerializer(ImportRowSerializer):
    remarks = serializers.SerializerMethodField()

    class Meta(ImportRowSerializer.Meta):
        fields = [*ImportRowSerializer.Meta.fields, "remarks"]
        read_only_fields = fields

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, row: Import) -> list[dict[str, Any]]:
        return list(ordered(row))


class ImportsView(Idempotent, ListModelMixin, GenericAPIView):
    """Files that were imported. POST takes one in, and answers before it is worked through: ask for its progress."""

    permission_classes = [IsAuthenticated, Administrators]
    parser_classes = [StrictJSONParser, MultiPartParser, LinesParser, JsonLinesParser, TextParser]
    queryset = Import.objects.defer("content", "remarks").select_related("by")
    serializer_class = ImportRowSerializer
    filter_backends = []

    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        request={
            "application/json": NewImportSerializer,
            "multipart/form-data": NewImportSerializer,
            "application/x-ndjson": OpenApiTypes.STR,
        },
        parameters=[
            OpenApiParameter(name, kind, description="Where the body is the file itself.")
            for name, kind in (("strict", bool), ("create_services", bool), ("name", str))
        ],
        responses={201: WriteUpImportSerializer},
    )
    def post(self, request: Request) -> Response:
        raw = request.data.get("raw") if isinstance(request.data, dict) else None
        told = _query(request) if isinstance(raw, bytes) else read(NewImportSerializer, request)
        row = start_import(**_file(told, raw), by=asker(request))
        return Response(WriteUpImportSerializer(row).data, status=201)


@extend_schema(responses=WriteUpImportSerializer)
class ImportView(GenericAPIView):
    """How far one has come, and what was not understood."""

    permission_classes = [IsAuthenticated, Administrators]
    queryset = Import.objects.defer("content").select_related("by")
    serializer_class = WriteUpImportSerializer

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


def _query(request: Request) -> dict[str, Any]:
    told = NewImportSerializer(data=request.query_params.dict())
    told.is_valid(raise_exception=True)
    return dict(told.validated_data)


def _file(told: dict[str, Any], raw: bytes | None) -> dict[str, Any]:
    """The arguments of `start_import` but for who asks."""
    file, text = told.pop("file", None), told.pop("text", None)
    if raw is None and (file is None) == (text is None):
        raise InvalidInput(file="Send the lines as a `file`, as `text`, or as the body itself: one of them.")
    content = raw if raw is not None else file.read() if file else text.encode(errors="replace")
    return told | {"raw": content, "name": told["name"] or getattr(file, "name", "") or "API"}
