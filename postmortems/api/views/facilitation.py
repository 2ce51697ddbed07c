"""Facilitating a post-mortem: whom to ask, who takes part, the meeting, how long actions soak, interviews."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.models import Person
from oncall.requests import read
from oncall.zones import zone_or_utc
from postmortems import services
from postmortems.api import facilitating as told
from postmortems.api.records import ProblemSerializer
from postmortems.api.serializers import ReviewSerializer
from postmortems.api.views.base import PartView
from postmortems.facilitating import meeting, suggesting
from postmortems.facilitating.calendar_file import calendar_file
from postmortems.facilitating.open_questions import agenda_of
from postmortems.models import FactorFinding, InterviewNote, Invitation, Postmortem, Review
from postmortems.problems.remaining import remaining


class SuggestionsView(PartView):
    serializer_class = told.SuggestionsSerializer

    def get(self, request: Request, number: int) -> Response:
        postmortem = self.whole(Postmortem, number)
        named = suggesting.facilitators(postmortem)
        people = Person.objects.in_bulk([one.id for one in named])
        found = {
            "facilitators": [{"person": people[one.id], "why": one.why} for one in named],
            "participants": suggesting.participants(postmortem),
            "missing_sides": suggesting.missing_sides(postmortem),
            "reviewers": suggesting.reviewers(postmortem),
            "not_removed": remaining(postmortem, request.user),
        }
        return self.answer(found)


class ParticipantsView(PartView):
    serializer_class = told.InvitedSerializer

    @extend_schema(responses=told.InvitedSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        return self.answers(self.whole(Postmortem, number).invitations.select_related("person"))

    @extend_schema(request=told.InviteSerializer, responses={201: told.InvitedSerializer})
    def post(self, request: Request, number: int) -> Response:
        postmortem, given = self.whole(Postmortem, number), read(told.InviteSerializer, request)
        return self.answer(services.invite(postmortem=postmortem, **given, by=self.asker), 201)


class ParticipantView(PartView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, pk: int) -> Response:
        invitation = get_object_or_404(Invitation, postmortem=self.whole(Postmortem, number), pk=pk)
        services.uninvite(invitation=invitation, by=self.asker)
        return Response(status=204)


class MeetingView(PartView):
    serializer_class = told.MeetingSerializer

    def get(self, request: Request, number: int) -> Response:
        return self._answer(self.whole(Postmortem, number))

    @extend_schema(request=told.MeetingInputSerializer, responses=told.MeetingSerializer)
    def put(self, request: Request, number: int) -> Response:
        postmortem, given = self.whole(Postmortem, number), read(told.MeetingInputSerializer, request)
        return self._answer(services.set_meeting(postmortem=postmortem, **given, by=self.asker))

    @extend_schema(
        request=told.MeetingInputSerializer, responses=told.MeetingSerializer, description="The same as PUT."
    )
    def post(self, request: Request, number: int) -> Response:
        return self.put(request, number)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int) -> Response:
        services.cancel_meeting(postmortem=self.whole(Postmortem, number), by=self.asker)
        return Response(status=204)

    def _answer(self, postmortem: Postmortem) -> Response:
        at = postmortem.meeting_at
        local = at.astimezone(zone_or_utc(self.asker.timezone)) if at and at > timezone.now() else None
        minutes, due = postmortem.meeting_minutes, postmortem.due_at
        warnings = meeting.warnings(local, minutes, due) if local else []
        return self.answer(postmortem, warnings=warnings, agenda=agenda_of(postmortem))


class MeetingCalendarView(PartView):
    serializer_class = told.MeetingSerializer

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR})
    def get(self, request: Request, number: int) -> HttpResponse:
        return calendar_file(self.whole(Postmortem, number))


class SoakView(PartView):
    serializer_class = told.SoakInputSerializer

    @extend_schema(request=told.SoakInputSerializer, responses=told.SoakInputSerializer)
    def put(self, request: Request, number: int) -> Response:
        postmortem, given = self.whole(Postmortem, number), read(told.SoakInputSerializer, request)
        saved = services.set_soak(postmortem=postmortem, until=given["until"], by=self.asker)
        return Response({"until": saved.soak_until})


class _Interviews(PartView):
    """Of a note nothing but its number is kept for a repeated POST: deleted, its words are nowhere."""

    serializer_class = told.InterviewSerializer

    def note(self, number: int, pk: int) -> InterviewNote:
        readable = InterviewNote.objects.visible_to(self.request.user).select_related("by", "person", "postmortem")
        return get_object_or_404(readable, postmortem=self.whole(Postmortem, number), pk=pk)

    def kept_of(self, answer: dict[str, Any]) -> dict[str, Any]:
        return {"id": answer["id"]}

    def answer_again(self, kept: dict[str, Any]) -> Any:
        return self.answer(self.note(self.kwargs["number"], kept["id"])).data


class InterviewsView(_Interviews):
    """Notes that the asker may read: their own, and what was released."""

    @extend_schema(responses=told.InterviewSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        notes = InterviewNote.objects.visible_to(request.user).filter(postmortem=self.whole(Postmortem, number))
        return self.answers(notes.select_related("by", "person"))

    @extend_schema(request=told.WriteInterviewSerializer, responses={201: told.InterviewSerializer})
    def post(self, request: Request, number: int) -> Response:
        postmortem, given = self.whole(Postmortem, number), read(told.WriteInterviewSerializer, request)
        return self.answer(services.write_interview(postmortem=postmortem, **given, by=self.asker), 201)


class InterviewView(_Interviews):
    def get(self, request: Request, number: int, pk: int) -> Response:
        return self.answer(self.note(number, pk))

    @extend_schema(request=told.EditInterviewSerializer)
    def patch(self, request: Request, number: int, pk: int) -> Response:
        note, given = self.note(number, pk), read(told.EditInterviewSerializer, request)
        whole: dict[str, Any] = {"body": note.body, "person": note.person} | given
        return self.answer(services.edit_interview(note=note, **whole, by=self.asker))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, number: int, pk: int) -> Response:
        services.delete_interview(note=self.note(number, pk), by=self.asker)
        return Response(status=204)


@extend_schema(request=None, description="Show it to everybody who may see the post-mortem.")
class ReleaseInterviewView(InterviewView):
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int, pk: int) -> Response:
        return self.answer(services.release_interview(note=self.note(number, pk), by=self.asker))


@extend_schema(request=None, description="Make it private to its writer again.")
class TakeBackInterviewView(InterviewView):
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int, pk: int) -> Response:
        return self.answer(services.take_back_interview(note=self.note(number, pk), by=self.asker))


@extend_schema(
    request=told.InsteadSerializer,
    responses={201: ReviewSerializer},
    description="Ask somebody else of that side in place of one who did not sign.",
)
class InsteadView(PartView):
    serializer_class = ReviewSerializer

    def post(self, request: Request, number: int, pk: int) -> Response:
        review = get_object_or_404(Review, postmortem=self.whole(Postmortem, number), pk=pk)
        given = read(told.InsteadSerializer, request)
        return self.answer(services.ask_instead(review=review, **given, by=self.asker), 201)


@extend_schema(
    request=told.LinkFactorSerializer,
    responses=ProblemSerializer,
    description="Have a problem that there is see to a contributing factor.",
)
class LinkFactorView(PartView):
    serializer_class = ProblemSerializer

    def post(self, request: Request, number: int, pk: int) -> Response:
        findings = FactorFinding.objects.select_related("factor", "postmortem")
        finding = get_object_or_404(findings, postmortem=self.whole(Postmortem, number), pk=pk)
        given = read(told.LinkFactorSerializer, request)
        return self.answer(services.link_factor(finding=finding, **given, by=self.asker))
