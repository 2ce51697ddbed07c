"""`swaps/`: intervals that somebody offers, or that need cover; to take, take back and give back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from notifications.errors import InvalidInput
from notifications.fields import Moment
from notifications.idempotency import Idempotent
from notifications.links import absolute
from oncall import services
from oncall.api.base import Visible, Writers
from oncall.api.fields import NameOf
from oncall.api.seats import found_in
from oncall.models import Schedule, Swap
from oncall.requests import asker
from oncall.standing import elsewhere


class SwapSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    schedule = serializers.CharField(source="seat.schedule.slug", help_text="Slug.")
    seat = serializers.CharField(source="seat.name")
    person = NameOf("email", help_text="E-mail address of whose interval it is; you, where it is left out.")
    start = Moment(help_text="One that has passed becomes now.")
    end = Moment()
    note = serializers.CharField(required=False, allow_blank=True, help_text="Words to those who may take it.")
    reason = serializers.ChoiceField(Swap.Reason.choices, read_only=True)
    state = serializers.ChoiceField(Swap.State.choices, read_only=True)
    taken_by = NameOf("email", read_only=True)
    taken_at = Moment(read_only=True, allow_null=True)
    created_at = Moment(read_only=True)
    url = serializers.SerializerMethodField()

    def get_url(self, swap: Swap) -> str:
        return absolute(reverse("oncall:swap", args=[swap.seat.schedule.slug, swap.pk]))


class ElsewhereSerializer(serializers.Serializer):
    """What else the taker is on call for in that time."""

    schedule = serializers.CharField(source="seat.schedule.slug", read_only=True)
    seat = serializers.CharField(source="seat.name", read_only=True)
    start = Moment(source="during.lower", read_only=True)
    end = Moment(source="during.upper", read_only=True)


class TakenSwapSerializer(SwapSerializer):
    also_on_call = serializers.SerializerMethodField(help_text="What else the taker is on call for in that time.")

    @extend_schema_field(ElsewhereSerializer(many=True))
    def get_also_on_call(self, swap: Swap) -> Any:
        if swap.taken_by is None:
            return []
        return ElsewhereSerializer(elsewhere(swap.taken_by, swap.seat, swap.start, swap.end), many=True).data


class SwapFilter(django_filters.FilterSet):
    schedule = django_filters.CharFilter(field_name="seat__schedule__slug")
    seat = django_filters.CharFilter(field_name="seat__name")
    person = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact")
    takeable = django_filters.BooleanFilter(method="can_be_taken", help_text="Whether somebody could take it.")

    class Meta:
        model = Swap
        fields = ["state", "reason"]

    def can_be_taken(self, queryset: QuerySet[Swap], name: str, value: bool) -> QuerySet[Swap]:
        takeable = Swap.objects.takeable()
        return queryset.filter(pk__in=takeable) if value else queryset.exclude(pk__in=takeable)


class SwapView(Idempotent, Visible, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """By the time they begin. Shifts that need cover are swaps with a reason, which Andon opened."""

    permission_classes = [IsAuthenticated, Writers]
    queryset = Swap.objects.select_related("seat__schedule", "person", "taken_by")
    serializer_class = SwapSerializer
    filterset_class = SwapFilter
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses={201: SwapSerializer})
    def create(self, request: Request) -> Response:
        """Offer an interval of your own duty, or of somebody else's. 409 where some of it is offered already."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        named = fields.pop("seat")
        slug = named["schedule"]["slug"]
        schedule = Schedule.objects.visible_to(request.user).filter(slug=slug).first()
        if schedule is None:
            raise InvalidInput(schedule=f"There is no schedule “{slug}”; correct the name.")
        found = found_in(schedule, fields | {"seat": named["name"]}, asker(request), "person")
        return Response(self._shown(services.offer_swap(**found, by=asker(request))), status=201)

    @extend_schema(request=None, responses={200: TakenSwapSerializer})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """You stand in. 409 says why not: who was faster, that it was taken back, that you stand there anyhow."""
        swap = services.take_swap(swap=self.get_object(), by=asker(request))
        return Response(TakenSwapSerializer(swap).data)

    @extend_schema(request=None, responses={200: SwapSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Whoever offered it keeps it, or has it again; of one that runs, the rest of it."""
        return self._done(services.take_back)

    @extend_schema(request=None, responses={200: SwapSerializer})
    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: Request, pk: str) -> Response:
        """The taker cannot after all: it is open again. Only before it begins."""
        return self._done(services.give_back)

    def _done(self, service: Callable[..., Swap]) -> Response:
        return Response(self._shown(service(swap=self.get_object(), by=asker(self.request))))

    def _shown(self, swap: Swap) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=swap.pk)).data
