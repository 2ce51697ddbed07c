"""`pages/`: demanding somebody's attention, and answering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
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
from notifications.models import Delivery
from notifications.weblinks import web_address
from oncall import paging
from oncall.api.base import Visible
from oncall.api.fields import Choice, NameOf, PersonBrief
from oncall.models import Escalation, Page, PageNotice, Service, Team
from oncall.paging.attempts import how_of, notices_of, whom_of
from oncall.permissions import require_responder
from oncall.requests import asker
from oncall.services.findings import Findings


class SideSerializer(serializers.Serializer):
    """One side of a page on its way up its policy, or in the hands of those it was given to."""

    seat = serializers.CharField()
    to_person = PersonBrief(allow_null=True, help_text="Whom the side was given to.")
    to_team = NameOf(read_only=True, help_text="Slug of the team the side was given to.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="When the next step is due.")
    acknowledged_by = PersonBrief(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    exhausted_at = serializers.DateTimeField(allow_null=True)


class PageSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    subject = serializers.CharField(max_length=250)
    service = NameOf(help_text="Slug. Name one service, one team or one person.")
    team = NameOf(help_text="Slug.")
    person = NameOf("email", help_text="E-mail address.")
    urgency = Choice(choices=Page.Urgency.choices, required=False)
    body = serializers.CharField(required=False, allow_blank=True)
    url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    dedup_key = serializers.CharField(required=False, allow_blank=True, max_length=200)
    private = serializers.BooleanField(required=False)
    together = serializers.BooleanField(required=False, help_text="Dev and Ops at the same moment, each answering.")
    about = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True, help_text=", ".join(Page.State.values))
    each_seat = serializers.BooleanField(read_only=True)
    escalations = SideSerializer(many=True, read_only=True)
    created_by = PersonBrief(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    acknowledged_at = serializers.DateTimeField(read_only=True, allow_null=True)
    snoozed_until = Moment(read_only=True, allow_null=True)
    resolved_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def validate_url(self, url: str) -> str:
        if url and not (url.startswith("/") and not url.startswith("//")) and not web_address(url, longest=500):
            raise serializers.ValidationError(f"“{url}” is not a link; begin with https:// or, for ours, with /.")
        return url


class SnoozeSerializer(serializers.Serializer):
    until = Moment(required=False)
    minutes = serializers.IntegerField(required=False, min_value=1)


class EscalateSerializer(serializers.Serializer):
    seat = serializers.CharField(required=False, allow_blank=True, help_text="One side; else all that are open.")


class ReassignSerializer(serializers.Serializer):
    """Name one person or one team."""

    seat = serializers.CharField(required=False, allow_blank=True, help_text="One side; else all of them.")
    person = NameOf("email", help_text="E-mail address.")
    team = NameOf(help_text="Slug.")


class LogSerializer(serializers.Serializer):
    """One line of a page's log."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    seat = serializers.CharField()
    person = PersonBrief(allow_null=True)
    text = serializers.CharField()


class NoticeSerializer(serializers.Serializer):
    """One message of a page, to a person or a place, and what became of it."""

    seat = serializers.CharField()
    step = serializers.IntegerField(help_text="The first is 0.")
    round = serializers.IntegerField()
    person = PersonBrief(allow_null=True)
    place = serializers.SerializerMethodField(help_text="A channel or the host of a webhook; empty for a person.")
    shadow = serializers.BooleanField(help_text="Told to learn, not to answer.")
    method = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField(source="at")
    state = serializers.SerializerMethodField(help_text=", ".join([*Delivery.State.values, "gathered"]))
    attempts = serializers.IntegerField(source="delivery.attempts", default=0)
    first_attempt_at = serializers.DateTimeField(source="delivery.first_attempt_at", default=None, allow_null=True)
    sent_at = serializers.DateTimeField(source="delivery.sent_at", default=None, allow_null=True)
    error = serializers.CharField(source="delivery.error", default="")

    def get_place(self, notice: PageNotice) -> str:
        return whom_of(notice) if notice.place else ""

    def get_method(self, notice: PageNotice) -> str:
        return how_of(notice)

    def get_state(self, notice: PageNotice) -> str:
        return notice.delivery.state if notice.delivery else "gathered"


class PageFilter(django_filters.FilterSet):
    service = django_filters.CharFilter(field_name="service__slug")
    open = django_filters.BooleanFilter(method="still_open", help_text="Whether it is not resolved.")

    class Meta:
        model = Page
        fields = ["state"]

    def still_open(self, queryset: QuerySet[Page], name: str, value: bool) -> QuerySet[Page]:
        return queryset.exclude(state="resolved") if value else queryset.filter(state="resolved")


class PageView(Idempotent, Visible, ListModelMixin, RetrieveModelMixin, GenericViewSet):
    permission_classes = [IsAuthenticated]
    queryset = Page.objects.select_related("service", "team", "person", "created_by").prefetch_related(
        Prefetch("escalations", Escalation.objects.select_related("acknowledged_by", "to_person", "to_team"))
    )
    serializer_class = PageSerializer
    filterset_class = PageFilter

    @extend_schema(responses={201: PageSerializer, 200: PageSerializer})
    def create(self, request: Request) -> Response:
        """Page a service, a team or a person. The `dedup_key` of an open page finds that page: 200."""
        require_responder(asker(request))
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        fields = given.validated_data | _whom(given.validated_data)
        key = fields.get("dedup_key", "")
        known = bool(key) and Page.objects.open().filter(dedup_key=key).exists()
        page = paging.page(**fields, by=asker(request))
        return Response(self._shown(page), status=200 if known else 201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        return Response(self._shown(paging.acknowledge(page=self.get_object(), person=asker(request), via="api")))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        return Response(self._shown(paging.resolve(page=self.get_object(), by=asker(request))))

    @extend_schema(request=SnoozeSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        given = self._read(SnoozeSerializer)
        if not given:
            raise InvalidInput(until="No time is given; send `until` (RFC 3339), or `minutes`.")
        until = given.get("until") or timezone.now() + timedelta(minutes=min(given["minutes"], 10**6))
        return Response(self._shown(paging.snooze(page=self.get_object(), by=asker(request), until=until)))

    @extend_schema(request=ReassignSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: str) -> Response:
        """Give the page, or one side of it, to one person or team: they are paged at once."""
        given = self._read(ReassignSerializer)
        whom = _whom({"person": given.get("person"), "team": given.get("team")})
        page = paging.reassign(
            page=self.get_object(),
            by=asker(request),
            seat=given.get("seat", ""),
            person=whom["person"],
            team=whom["team"],
        )
        return Response(self._shown(page))

    @extend_schema(responses=LogSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def log(self, request: Request, pk: str) -> Response:
        """What happened to the page, in words, oldest first."""
        return self._listed(self.get_object().log.select_related("person"), LogSerializer)

    @extend_schema(responses=NoticeSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def notices(self, request: Request, pk: str) -> Response:
        """Who is told of the page, how, and what became of each message."""
        return self._listed(notices_of(self.get_object()), NoticeSerializer)

    @extend_schema(request=EscalateSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, pk: str) -> Response:
        seat = self._read(EscalateSerializer).get("seat", "")
        return Response(self._shown(paging.escalate_now(page=self.get_object(), by=asker(request), seat=seat)))

    def _read(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        given = kind(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _listed(self, rows: QuerySet[Any], kind: type[serializers.Serializer]) -> Response:
        return self.get_paginated_response(kind(self.paginate_queryset(rows), many=True).data)

    def _shown(self, page: Page) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=page.pk)).data


def _whom(given: dict[str, Any]) -> dict[str, Any]:
    """The service, team or person that is named. Raises InvalidInput."""
    findings = Findings()
    person = given.get("person")
    whom = {
        "service": findings.one("service", given.get("service"), Service.objects.select_related("policy")),
        "team": findings.one("team", given.get("team"), Team.objects.all()),
        "person": next(iter(findings.people("person", [person])), None) if person else None,
    }
    findings.raise_if_any()
    return whom
