"""`people/{person}/contact-methods/`, `contact-rules/` and `quiet-hours/`: for the person and for administrators."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from notifications.errors import InvalidInput
from notifications.fields import Moment
from notifications.idempotency import Idempotent
from notifications.models import ContactMethod, Delivery
from oncall.api.fields import Minutes
from oncall.api.people import WHO, person_named
from oncall.checks.contact_check import contact_check
from oncall.models import Person
from oncall.models.reaching import Urgency
from oncall.permissions import require_self_or_administrator
from oncall.requests import asker, read
from oncall.services import contact
from oncall.services.contact.sending import sent_to

METHOD = OpenApiParameter("method", int, "path", description="Id of the contact method.")


class OwnMethodSerializer(serializers.Serializer):
    """A way to reach somebody, as they and administrators see it; credentials in Apprise URLs are masked."""

    id = serializers.IntegerField(read_only=True)
    kind = serializers.CharField(help_text=", ".join(ContactMethod.Kind.values))
    address = serializers.CharField(help_text="An e-mail address, a Slack user id, or a URL.", source="known_as")
    label = serializers.CharField(  # type: ignore[assignment]
        required=False, allow_blank=True, help_text="What you call it: my phone."
    )
    position = serializers.IntegerField(read_only=True, help_text="Tried in this order, where no rule says otherwise.")
    verified_at = Moment(read_only=True, allow_null=True, help_text="Null until the code sent there was entered.")
    refused_at = Moment(read_only=True, allow_null=True)
    refusal = serializers.CharField(read_only=True)


class MethodChangeSerializer(serializers.Serializer):
    address = serializers.CharField(required=False, help_text="Another one waits for its code, as a new method does.")
    label = serializers.CharField(required=False, allow_blank=True)  # type: ignore[assignment]
    position = serializers.IntegerField(required=False, help_text="Where it is to stand, counted from 0.")


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="The six digits that were sent there.")


class OutcomeSerializer(serializers.Serializer):
    """What came of a code or a test."""

    state = serializers.CharField(read_only=True, help_text=", ".join(Delivery.State.values))
    attempts = serializers.IntegerField(read_only=True)
    error = serializers.CharField(read_only=True, help_text="Why it was refused, or is late.")
    created_at = Moment(read_only=True)
    sent_at = Moment(read_only=True, allow_null=True)


class OfPerson(APIView):
    """Mixed into views of what belongs to one person: others answer 403."""

    permission_classes = [IsAuthenticated]

    def of(self, person: str) -> Person:
        found = person_named(Person.objects.visible_to(self.request.user), person, asker(self.request))
        require_self_or_administrator(found, asker(self.request))
        return found

    def own(self, person: str, method: int) -> ContactMethod:
        return get_object_or_404(ContactMethod.objects.select_related("person"), pk=method, person=self.of(person))


@extend_schema_view(list=extend_schema(parameters=[WHO]))
class ContactMethodView(OfPerson, Idempotent, ListModelMixin, GenericViewSet):
    serializer_class = OwnMethodSerializer
    queryset = ContactMethod.objects.all()

    def get_queryset(self) -> QuerySet[ContactMethod]:
        return self.of(self.kwargs["person"]).contact_methods.all()

    @extend_schema(parameters=[WHO], responses={201: OwnMethodSerializer})
    def create(self, request: Request, person: str) -> Response:
        """Add one. Administrators vouch for it; else a code goes there at once, and it is used once that is entered."""
        given = read(OwnMethodSerializer, request)
        made = contact.add_contact_method(
            person=self.of(person),
            kind=given["kind"],
            address=given["known_as"],
            label=given.get("label", ""),
            by=asker(request),
            vouched=asker(request).is_administrator,
        )
        return Response(self.get_serializer(made).data, status=201)

    @extend_schema(parameters=[WHO, METHOD], request=MethodChangeSerializer, responses=OwnMethodSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, person: str, method: int) -> Response:
        found, by = self.own(person, method), asker(request)
        given = read(MethodChangeSerializer, request)
        position = given.pop("position", None)
        if given:
            found = contact.change_contact_method(method=found, **given, by=by, vouched=by.is_administrator)
        if position is not None:
            contact.move_contact_method(method=found, position=position, by=by)
            found.refresh_from_db()
        return Response(self.get_serializer(found).data)

    @extend_schema(parameters=[WHO, METHOD], responses={204: OpenApiResponse(description="Removed")})
    def destroy(self, request: Request, person: str, method: int) -> Response:
        contact.remove_contact_method(method=self.own(person, method), by=asker(request))
        return Response(status=204)


class CodeView(OfPerson):
    @extend_schema(parameters=[WHO, METHOD], request=None, responses={202: OutcomeSerializer})
    def post(self, request: Request, person: str, method: int) -> Response:
        """Send a new code there. At most one a minute, and five an hour."""
        sent = contact.send_code(method=self.own(person, method), by=asker(request))
        return Response(OutcomeSerializer(sent).data, status=202)


class VerifyView(OfPerson):
    """Takes no Idempotency-Key: a wrong code is to stay counted, and that would take it back."""

    @extend_schema(parameters=[WHO, METHOD], request=CodeSerializer, responses=OwnMethodSerializer)
    def post(self, request: Request, person: str, method: int) -> Response:
        """Enter the code that was sent there."""
        found, code = self.own(person, method), read(CodeSerializer, request)["code"]
        verified = contact.verify_contact_method(method=found, code=code, by=asker(request))
        return Response(OwnMethodSerializer(verified).data)


class TestView(OfPerson):
    @extend_schema(parameters=[WHO, METHOD], request=None, responses={202: OutcomeSerializer})
    def post(self, request: Request, person: str, method: int) -> Response:
        """Send a test there, the way a page goes."""
        sent = contact.send_test(method=self.own(person, method), by=asker(request))
        return Response(OutcomeSerializer(sent).data, status=202)

    @extend_schema(parameters=[WHO, METHOD], responses=OutcomeSerializer)
    def get(self, request: Request, person: str, method: int) -> Response:
        """What came of the latest test."""
        latest = sent_to(self.own(person, method), "test").order_by("-pk")[:1]
        return Response(OutcomeSerializer(get_object_or_404(Delivery, pk__in=latest.values("pk"))).data)


class ContactRuleSerializer(serializers.Serializer):
    method = serializers.IntegerField(help_text="Id of a verified contact method of theirs.")
    delay = Minutes(help_text="Minutes after the page; 0 is at once.")


class ContactRulesSerializer(serializers.Serializer):
    """What is left out of a PUT stays as it is; an empty list: their first method that works, at once."""

    high = ContactRuleSerializer(many=True, required=False)
    low = ContactRuleSerializer(many=True, required=False)
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)


class ContactRulesView(OfPerson):
    @extend_schema(parameters=[WHO], responses=ContactRulesSerializer)
    def get(self, request: Request, person: str) -> Response:
        return self._show(self.of(person))

    @extend_schema(parameters=[WHO], request=ContactRulesSerializer, responses=ContactRulesSerializer)
    @transaction.atomic
    def put(self, request: Request, person: str) -> Response:
        found = self.of(person)
        for urgency, rules in read(ContactRulesSerializer, request).items():
            try:
                contact.save_contact_rules(person=found, urgency=urgency, rules=rules, by=asker(request))
            except InvalidInput as refusal:
                errors = {urgency + name.removeprefix("rules"): told for name, told in refusal.errors.items()}
                raise InvalidInput(errors) from refusal
        return self._show(found)

    def _show(self, person: Person) -> Response:
        rules: dict[str, Any] = {urgency: [] for urgency in Urgency.values}
        for rule in person.contact_rules.all():
            rules[rule.urgency].append({"method": rule.method_id, "delay": rule.delay})
        warnings = [concern.text for concern in contact_check(person)]
        return Response(ContactRulesSerializer(rules | {"warnings": warnings}).data)


class QuietHoursSerializer(serializers.Serializer):
    start = serializers.TimeField(allow_null=True, format="%H:%M", source="quiet_from", help_text="Such as 22:00.")
    end = serializers.TimeField(allow_null=True, format="%H:%M", source="quiet_to", help_text="Such as 07:00.")
    timezone = serializers.CharField(read_only=True, help_text="The person's own, by which the hours are.")


class QuietHoursView(OfPerson):
    """In these hours pages of low urgency wait for the end."""

    @extend_schema(parameters=[WHO], responses=QuietHoursSerializer)
    def get(self, request: Request, person: str) -> Response:
        return Response(QuietHoursSerializer(self.of(person)).data)

    @extend_schema(parameters=[WHO], request=QuietHoursSerializer, responses=QuietHoursSerializer)
    def put(self, request: Request, person: str) -> Response:
        given = read(QuietHoursSerializer, request)
        return self._set(person, given["quiet_from"], given["quiet_to"])

    @extend_schema(parameters=[WHO], responses={204: OpenApiResponse(description="No quiet hours any more")})
    def delete(self, request: Request, person: str) -> Response:
        self._set(person, None, None)
        return Response(status=204)

    def _set(self, person: str, start: Any, end: Any) -> Response:
        changed = contact.set_quiet_hours(person=self.of(person), start=start, end=end, by=asker(self.request))
        return Response(QuietHoursSerializer(changed).data)
