"""`gate/templates/` and `gate/guards/`: what the gate decides by."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.api.gate_fields import WhySerializer
from changes.gate.policy import retire_guard, retire_template, save_guard, save_template
from changes.gate.suspending import resume_template, suspend_template
from changes.models import Change, ChangeTemplate, Guard
from oncall.api.base import CatalogueView
from oncall.api.fields import NameOf
from oncall.permissions import require_administrator, require_responder
from oncall.requests import asker, read


class Patterns(serializers.ListField):
    """Patterns of paths, as in .gitignore: `auth/`, `infra/**/*.tf`."""

    child = serializers.CharField(max_length=300)


class ChangeTemplateSerializer(serializers.Serializer):
    """A standard change. What is left empty fits everything."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=100)
    owner = NameOf(help_text="Slug of the team that is told when it is suspended; needed.")
    service = NameOf(help_text="Slug of the service.")
    environment = serializers.CharField(max_length=60, required=False, allow_blank=True, help_text="Or a pattern.")
    kind = serializers.ChoiceField(choices=Change.Kind.choices, required=False, allow_blank=True)
    paths = Patterns(required=False, help_text="Every path that a change touches must fit one of these patterns.")
    team = NameOf(help_text="Slug of the team that its author must be in.")
    earlier_successes = serializers.IntegerField(required=False, min_value=0, max_value=100)
    failures_allowed = serializers.IntegerField(
        required=False, min_value=0, max_value=9, help_text="Of its last ten changes; one more suspends it."
    )
    suspended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    suspended_why = serializers.CharField(read_only=True)
    trusted_since = serializers.DateTimeField(read_only=True)


class TemplateView(CatalogueView):
    """Changes that are authorised beforehand. DELETE retires one; what it authorised stays on record."""

    lookup_field = "pk"
    lookup_value_regex = r"\d{1,18}"
    queryset = ChangeTemplate.objects.filter(retired_at=None).select_related("owner", "service", "team")
    serializer_class = ChangeTemplateSerializer
    noun = "template"
    writer = staticmethod(require_responder)
    save = staticmethod(save_template)
    remove = staticmethod(retire_template)

    @extend_schema(request=WhySerializer, responses={200: ChangeTemplateSerializer})
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """It authorises nothing until somebody resumes it."""
        suspend_template(template=self.get_object(), by=asker(request), **read(WhySerializer, request))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=WhySerializer, responses={200: ChangeTemplateSerializer})
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """It authorises again; earlier failures count no more."""
        resume_template(template=self.get_object(), by=asker(request), **read(WhySerializer, request))
        return Response(self.get_serializer(self.get_object()).data)


class GuardSerializer(serializers.Serializer):
    """What guards security: a service, paths, or paths of a service."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=100)
    service = NameOf(help_text="Slug of the service; none: every one.")
    paths = Patterns(required=False, help_text="None: all of the service.")
    team = NameOf(help_text="Slug of the team that may authorise besides the other side, such as security.")
    why = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class GuardView(CatalogueView):
    """Changes to these need a named authorisation of the other side, or of the guard's team. DELETE retires one."""

    lookup_field = "pk"
    lookup_value_regex = r"\d{1,18}"
    queryset = Guard.objects.filter(retired_at=None).select_related("service", "team")
    serializer_class: Any = GuardSerializer
    noun = "guard"
    writer = staticmethod(require_administrator)
    save = staticmethod(save_guard)
    remove = staticmethod(retire_guard)
