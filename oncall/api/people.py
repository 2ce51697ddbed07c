"""`people/`: by id, by e-mail address, or `me`."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notifications.models import ContactMethod
from oncall import duties, services
from oncall.api.base import CatalogueView
from oncall.api.fields import NameOf, NamesOf
from oncall.models import Person
from oncall.permissions import require_administrator
from oncall.requests import asker


class ContactMethodSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text=", ".join(ContactMethod.Kind.values))
    address = serializers.CharField(help_text="An e-mail address, a Slack user id, or a URL.")


class ContactMethodsField(serializers.ListField):
    """In the order in which they are tried. Addresses are shown to the person and to administrators, with the
    credentials in Apprise URLs masked; a masked one that is sent back stays as it is. What an administrator sends is
    used at once, what others send for themselves after its code was entered."""

    child = ContactMethodSerializer()

    def get_attribute(self, instance: Person) -> Any:
        viewer = asker(self.context["request"])
        known = viewer == instance or viewer.is_administrator
        methods = instance.contact_methods.all()
        return [{"kind": method.kind, "address": method.known_as if known else ""} for method in methods]


class PersonSerializer(serializers.Serializer):
    id = serializers.IntegerField(read_only=True)
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.CharField(required=False, help_text=", ".join(Person.Role.values))
    timezone = serializers.CharField(required=False, help_text="IANA name, such as Europe/London.")
    country = serializers.CharField(
        required=False, allow_blank=True, help_text="For public holidays: GB, or a part of it, GB-SCT."
    )
    slack_id = serializers.CharField(required=False, allow_blank=True)
    is_active = serializers.BooleanField(read_only=True)
    teams = NamesOf(read_only=True)
    contact_methods = ContactMethodsField(required=False)


class OpenedGapSerializer(serializers.Serializer):
    schedule = NameOf("slug", read_only=True)
    seat = serializers.CharField(read_only=True)
    start = serializers.DateTimeField(source="time.start", read_only=True)
    end = serializers.DateTimeField(source="time.end", read_only=True)


class LeavingSerializer(serializers.Serializer):
    """What it leaves open that somebody goes."""

    gaps = OpenedGapSerializer(many=True, read_only=True)
    policies = serializers.ListField(child=NameOf("slug"), read_only=True)
    teams = serializers.ListField(child=NameOf("slug"), read_only=True)


class InvitationSerializer(serializers.Serializer):
    url = serializers.URLField(read_only=True)


def person_named(among: QuerySet[Person], given: str, viewer: Person) -> Person:
    """By id, e-mail address, or `me`; else 404."""
    if given == "me":
        return get_object_or_404(among, pk=viewer.pk)
    named = Q(pk=given) if given.isdecimal() and len(given) < 18 else Q(email__iexact=given)
    return get_object_or_404(among, named)


WHO = OpenApiParameter("person", str, "path", description="Id, e-mail address, or `me`.")


@extend_schema_view(
    retrieve=extend_schema(parameters=[WHO]),
    partial_update=extend_schema(parameters=[WHO]),
    destroy=extend_schema(
        parameters=[WHO],
        responses={204: None, 200: LeavingSerializer},
        description="They can no longer sign in or be paged. 200 says what that leaves open; 204: nothing.",
    ),
)
class PersonView(CatalogueView):
    queryset = Person.objects.prefetch_related("teams", "contact_methods")
    serializer_class = PersonSerializer
    lookup_field = "pk"
    lookup_url_kwarg = "person"
    lookup_value_regex = "[^/]+"
    filterset_fields = ["role", "is_active"]
    noun = "person"
    save = staticmethod(services.create_person)

    def writer(self, person: Any) -> None:
        """Only administrators, but that everybody may change parts of themselves: the service says which."""
        if self.action != "partial_update":
            require_administrator(person)

    def get_object(self) -> Person:
        return person_named(self.get_queryset(), self.kwargs["person"], asker(self.request))

    @extend_schema(request=None, responses={200: InvitationSerializer}, parameters=[WHO])
    @action(detail=True, methods=["post"])
    def invitation(self, request: Request, person: str) -> Response:
        """A link with which they choose a password and are signed in: good once, for a week. For administrators."""
        return Response({"url": services.invitation_link(person=self.get_object(), by=asker(request))})

    def perform_update(self, serializer: Any) -> None:
        changed = serializer.validated_data
        self._answer(serializer, services.update_person(person=serializer.instance, by=asker(self.request), **changed))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        person = self.get_object()
        left = duties.leaving(person)
        services.deactivate_person(person=person, by=asker(request))
        return Response(LeavingSerializer(left).data) if left else Response(status=204)
