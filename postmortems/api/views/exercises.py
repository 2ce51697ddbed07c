"""Exercises: start one, show its steps, say something, show how it ended, keep what was learned."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.requests import read
from postmortems import services
from postmortems.api import exercises as shapes
from postmortems.api.views.base import PartView, RecordsView, RecordView
from postmortems.models import Exercise

LISTED = Exercise.objects.select_related("host", "incident")


class ExercisesView(RecordsView):
    queryset = LISTED
    serializer_class = shapes.ExerciseSerializer
    detail_class = shapes.ExerciseDetailSerializer

    @extend_schema(request=shapes.StartExerciseSerializer, responses={201: shapes.ExerciseDetailSerializer})
    def post(self, request: Request) -> Response:
        told = read(shapes.StartExerciseSerializer, request)
        return self.made(services.start_exercise(**told, by=self.asker))


class ExerciseView(RecordView):
    queryset = LISTED
    serializer_class = shapes.ExerciseDetailSerializer

    @extend_schema(request=shapes.FindingsSerializer)
    def patch(self, request: Request, number: int) -> Response:
        exercise, told = self.get_object(), read(shapes.FindingsSerializer, request)
        return self.answer(services.record_findings(exercise=exercise, **told, by=self.asker))


class _ActView(RecordView):
    queryset = LISTED
    serializer_class = shapes.ExerciseDetailSerializer
    http_method_names = ["post", "options"]


@extend_schema(request=shapes.NextStepSerializer, description="The host shows the next step to all.")
class NextView(_ActView):
    def post(self, request: Request, number: int) -> Response:
        exercise, told = self.get_object(), read(shapes.NextStepSerializer, request)
        return self.answer(services.show_next(exercise=exercise, **told, by=self.asker))


@extend_schema(request=None, description="The host shows how it ended.")
class FinishView(_ActView):
    def post(self, request: Request, number: int) -> Response:
        return self.answer(services.finish_exercise(exercise=self.get_object(), by=self.asker))


class NotesView(PartView):
    serializer_class = shapes.ExerciseNoteSerializer

    @extend_schema(request=shapes.SayInExerciseSerializer, responses={201: shapes.ExerciseNoteSerializer})
    def post(self, request: Request, number: int) -> Response:
        exercise, told = self.whole(Exercise, number), read(shapes.SayInExerciseSerializer, request)
        return self.answer(services.say_in_exercise(exercise=exercise, **told, by=self.asker), 201)
