"""`changes/export`: the ledger for auditors, as it is stored, streamed."""

from __future__ import annotations

from typing import cast

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request

from changes import export
from changes.filters import ChangeFilter
from changes.models import Change
from changes.querysets import ChangeQuerySet
from notifications.errors import InvalidInput
from oncall.api.base import OwnFormat, Visible


class ExportView(Visible, generics.GenericAPIView):
    queryset = Change.objects.all()
    filterset_class = ChangeFilter
    content_negotiation_class = OwnFormat
    pagination_class = None

    @extend_schema(
        operation_id="changes_export",
        description=export.__doc__,
        parameters=[OpenApiParameter("format", enum=[*export.FORMATS], default="csv")],
        responses={(200, "text/csv"): OpenApiTypes.STR, (200, "application/jsonl"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Every entry of the changes that fit, with what it takes to recompute the chain of seals."""
        wanted = request.query_params.get("format", "csv")
        if wanted not in export.FORMATS:
            raise InvalidInput(format=f"{wanted!r} is no format of the ledger: choose csv or jsonl.")
        _refuse_unknown(request)
        content_type, written = export.FORMATS[wanted]
        chosen = cast(ChangeQuerySet, self.filter_queryset(self.get_queryset()))
        lines = written(export.rows(chosen))
        name = f'attachment; filename="ledger.{wanted}"'
        return StreamingHttpResponse(lines, content_type=content_type, headers={"Content-Disposition": name})


def _refuse_unknown(request: Request) -> None:
    """A filter that is misspelt must not hand an auditor everything."""
    known = {"format", *ChangeFilter.base_filters}
    if unknown := [name for name in request.query_params if name not in known]:
        raise InvalidInput({name: [f"There is no such filter; choose from {', '.join(known)}."] for name in unknown})
