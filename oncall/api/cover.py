"""`schedules/{slug}/overrides/`, `cover/` and `shadows/`: who else stands on its seats for a while."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import DestroyModelMixin, ListModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.fields import Moment
from notifications.idempotency import Idempotent
from oncall import services
from oncall.api.base import Writers
from oncall.api.fields import NameOf, NamesOf
from oncall.api.seats import OfSchedule
from oncall.models import Override, Shadow
from oncall.requests import asker
from oncall.services.cover import cover
from oncall.services.findings import Findings


class OverrideSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    seat = serializers.CharField(source="seat.name")
    people = NamesOf("email", help_text="E-mail addresses of those who have the seat together.")
    start = Moment()
    end = Moment()
    reason = serializers.CharField(required=False, allow_blank=True)
    exclusive = serializers.BooleanField(required=False, help_text="409 where another override overlaps it.")
    swap = serializers.IntegerField(source="swap_id", read_only=True, help_text="The taken swap it came of.")
    created_by = NameOf("email", read_only=True)
    created_at = Moment(read_only=True)


class OverrideView(OfSchedule, Idempotent, ListModelMixin, DestroyModelMixin, GenericViewSet):
    """Those that hold or are to come. A later one beats an earlier one, unless one of them is exclusive."""

    permission_classes = [IsAuthenticated, Writers]
    queryset = Override.objects.select_related("seat", "created_by").prefetch_related("people")
    serializer_class = OverrideSerializer
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(end__gt=timezone.now())

    @extend_schema(responses={201: OverrideSerializer})
    def create(self, request: Request, slug: str) -> Response:
        """These people take the seat, whoever was due."""
        given = _read(self, request)
        findings = Findings()
        given["people"] = findings.people("people", given.get("people", []))
        findings.raise_if_any()
        made = services.add_override(**self.named(given), by=asker(request))
        return Response(self.get_serializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    def perform_destroy(self, instance: Any) -> None:
        """409 for one that came of a swap, which is taken back in `swaps/`."""
        services.remove_override(override=instance, by=asker(self.request))


class CoverSerializer(serializers.Serializer):
    seat = serializers.CharField()
    person = NameOf("email", help_text="Who is replaced; you, where it is left out.")
    by_person = NameOf("email", help_text="Who stands in; you, where it is left out.")
    start = Moment(help_text="One that has passed becomes now.")
    end = Moment()
    reason = serializers.CharField(required=False, allow_blank=True)


class CoveredSerializer(serializers.Serializer):
    """The swap it is, and the overrides it comes to."""

    swap = serializers.IntegerField(read_only=True)
    overrides = OverrideSerializer(many=True, read_only=True)


class CoverView(OfSchedule, Idempotent):
    permission_classes = [IsAuthenticated, Writers]
    serializer_class = CoverSerializer

    @extend_schema(request=CoverSerializer, responses={201: CoveredSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """One person stands in for another wherever they have the seat in that time; partners stay."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        overrides = cover(**self.named(given.validated_data, "person", "by_person"), by=asker(request))
        answer = {"swap": overrides[0].swap_id, "overrides": overrides}
        return Response(CoveredSerializer(answer).data, status=201)


class ShadowSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    seat = serializers.CharField(source="seat.name")
    person = NameOf("email", help_text="E-mail address; you, where it is left out.")
    start = Moment(required=False, help_text="Now, where it is left out or has passed.")
    end = Moment(required=False, allow_null=True, help_text="Until it is ended, where it is left out.")
    created_by = NameOf("email", read_only=True)


class ShadowView(OfSchedule, Idempotent, ListModelMixin, DestroyModelMixin, GenericViewSet):
    """People who learn beside a seat now, or will: told of its pages, never the ones who must acknowledge."""

    permission_classes = [IsAuthenticated, Writers]
    queryset = Shadow.objects.select_related("seat", "person", "created_by")
    serializer_class = ShadowSerializer
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> Any:
        return super().get_queryset().open_after(timezone.now())

    @extend_schema(responses={201: ShadowSerializer})
    def create(self, request: Request, slug: str) -> Response:
        made = services.add_shadow(**self.named(_read(self, request), "person"), by=asker(request))
        return Response(self.get_serializer(made).data, status=201)

    def perform_destroy(self, instance: Any) -> None:
        services.end_shadow(shadow=instance, by=asker(self.request))


def _read(view: GenericViewSet, request: Request) -> dict[str, Any]:
    """What was sent, the seat by its name."""
    given = view.get_serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data) | {"seat": given.validated_data["seat"]["name"]}
