"""`changes/`: the ledger, to read and to record in."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api.serializers import ChangeSerializer, ChangeWithEntriesSerializer, RecordSerializer
from changes.filters import ChangeFilter
from changes.manual import record_manually
from changes.models import Change
from notifications.idempotency import Idempotent
from oncall.api.base import Visible
from oncall.requests import asker, read


class ChangesView(Idempotent, Visible, generics.ListAPIView):
    queryset = Change.objects.select_related("service")
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter

    @extend_schema(request=RecordSerializer, responses={201: ChangeWithEntriesSerializer})
    def post(self, request: Request) -> Response:
        """Record one step of a change."""
        given = read(RecordSerializer, request)
        change = record_manually(by=asker(request), service=given.pop("service"), given=given)
        return Response(ChangeWithEntriesSerializer(change).data, status=201)


class ChangeView(Visible, generics.RetrieveAPIView):
    queryset = Change.objects.select_related("service").prefetch_related("entries__seal")
    serializer_class = ChangeWithEntriesSerializer
