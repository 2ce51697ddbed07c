"""What the views of this room have in common: records by number, seen by those who may see them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.idempotency import Idempotent
from oncall.api.base import Visible
from oncall.models import Person
from oncall.requests import asker


class RecordView(Idempotent, Visible):
    """One record, at `{number}` in the address."""

    lookup_field = "number"

    @property
    def asker(self) -> Person:
        return asker(self.request)

    def get(self, request: Request, number: int) -> Response:
        return self.answer(self.get_object())

    def answer(self, record: Any, status: int = 200) -> Response:
        """The record as it is now, read anew."""
        return Response(self.get_serializer(self.get_queryset().get(pk=record.pk)).data, status=status)


class RecordsView(ListModelMixin, RecordView):
    """The list of them, and making one. `detail_class` answers what was made."""

    detail_class: Any = None

    def get(self, request: Request) -> Response:  # type: ignore[override]
        return self.list(request)

    def made(self, record: Any) -> Response:
        """201 with the new record in full."""
        found = self.get_queryset().get(pk=record.pk)
        return Response(self.detail_class(found, context=self.get_serializer_context()).data, status=201)


class PartView(Idempotent, GenericAPIView):
    """Something that belongs to a record; `whole` finds the record, 404 where the asker may not see it."""

    pagination_class = None
    filter_backends = []

    @property
    def asker(self) -> Person:
        return asker(self.request)

    def whole(self, model: Any, number: int) -> Any:
        return get_object_or_404(model.objects.visible_to(self.request.user), number=number)

    def answer(self, row: Any, status: int = 200, **context: Any) -> Response:
        serializer = self.get_serializer_class()
        return Response(serializer(row, context={**self.get_serializer_context(), **context}).data, status=status)

    def answers(self, rows: Any) -> Response:
        return Response(self.get_serializer(rows, many=True).data)
