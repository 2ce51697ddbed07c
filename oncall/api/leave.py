"""`leave/`: days on which somebody is away. Shifts of theirs within it ask for cover at once."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import DestroyModelMixin, ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.fields import Moment
from notifications.idempotency import Idempotent
from oncall import services
from oncall.api.base import Visible, Writers
from oncall.api.fields import NameOf
from oncall.api.seats import found_in
from oncall.models import Leave
from oncall.requests import asker


class NoteField(serializers.CharField):
    """Why somebody is away is shown to them, to whoever entered it, and to administrators."""

    def get_attribute(self, instance: Leave) -> str:
        viewer = asker(self.context["request"])
        known = viewer.pk in (instance.person_id, instance.created_by_id) or viewer.is_administrator
        return instance.note if known else ""


class LeaveSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    person = NameOf("email", help_text="E-mail address; you, where it is left out.")
    start = Moment()
    end = Moment(help_text="At most 400 days after the start.")
    note = NoteField(required=False, allow_blank=True, help_text="Seen by the person and by administrators.")
    created_by = NameOf("email", read_only=True)
    created_at = Moment(read_only=True)


class LeaveFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact")
    since = django_filters.IsoDateTimeFilter(field_name="end", lookup_expr="gt")
    until = django_filters.IsoDateTimeFilter(field_name="start", lookup_expr="lt")


class LeaveView(Idempotent, Visible, ListModelMixin, RetrieveModelMixin, DestroyModelMixin, GenericViewSet):
    """By the time it begins."""

    permission_classes = [IsAuthenticated, Writers]
    queryset: QuerySet[Leave] = Leave.objects.select_related("person", "created_by")
    serializer_class = LeaveSerializer
    filterset_class = LeaveFilter
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses={201: LeaveSerializer})
    def create(self, request: Request) -> Response:
        """Shifts that fall in it ask for cover. 409 where it overlaps other leave of theirs."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = found_in(None, given.validated_data, asker(request), "person")
        found.pop("seat")
        leave = services.add_leave(**found, by=asker(request))
        return Response(self.get_serializer(leave).data, status=201)

    def perform_destroy(self, instance: Any) -> None:
        services.remove_leave(leave=instance, by=asker(self.request))
