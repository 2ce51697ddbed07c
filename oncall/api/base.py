"""What teams, people, services and policies have in common as parts of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from notifications.idempotency import Idempotent
from oncall.models import Person
from oncall.permissions import require_administrator, require_responder
from oncall.requests import asker


class Writers(BasePermission):
    """Everybody may read; the view's `writer` says who may write, and raises Forbidden for the others."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method not in SAFE_METHODS:
            getattr(view, "writer", require_responder)(asker(request))
        return True


class Administrators(BasePermission):
    """Nobody else reads or writes: an address may be as good as a key, and a message says anything."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        require_administrator(asker(request))
        return True


class Visible(GenericAPIView):
    """Mixed into views of rows: those that the asker may see, and 404 for all others."""

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.request.user)


class OwnFormat(DefaultContentNegotiation):
    """`format` is a parameter of the view's own, not of the framework's."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


def find_person(given: str, by: Person) -> Person:
    """The person an address names: by id, by e-mail address, or `me`; 404 for nobody."""
    people = Person.objects.visible_to(by)
    if given == "me":
        return get_object_or_404(people, pk=by.pk)
    named = Q(pk=given) if given.isdecimal() and len(given) < 18 else Q(email__iexact=given)
    return get_object_or_404(people, named)


class CatalogueView(Idempotent, Visible, ModelViewSet):
    """Something kept by slug, written by `save` and deleted by `remove`, the services of this room.

    `noun` is the keyword under which both take what is changed. PATCH reads what stands and changes what is given.
    """

    permission_classes = [IsAuthenticated, Writers]
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_field = "slug"
    noun: ClassVar[str]
    writer: Callable[[Any], None] = staticmethod(require_responder)
    save: ClassVar[Callable[..., Any]]
    remove: ClassVar[Callable[..., None]]

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        self._answer(serializer, type(self).save(**_given(serializer.validated_data), by=asker(self.request)))

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        stands = serializer.to_representation(serializer.instance)
        writable = {name for name, field in serializer.fields.items() if not field.read_only}  # type: ignore[attr-defined]
        fields = {name: value for name, value in stands.items() if name in writable} | serializer.validated_data
        changed = {self.noun: serializer.instance, "by": self.request.user}
        self._answer(serializer, type(self).save(**_given(fields), **changed))

    def perform_destroy(self, instance: Any) -> None:
        type(self).remove(**{self.noun: instance}, by=asker(self.request))

    def _answer(self, serializer: BaseSerializer[Any], saved: Any) -> None:
        serializer.instance = self.get_queryset().get(pk=saved.pk)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Services know no null: what is not there is empty."""
    return {name: "" if value is None else value for name, value in fields.items()}
