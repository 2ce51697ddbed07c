"""Actions, problems and articles."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.requests import read
from postmortems import services
from postmortems.api import filters, inputs, records
from postmortems.api.views.base import PartView, RecordsView, RecordView
from postmortems.models import Action, Article, Problem

ACTIONS = Action.objects.select_related("owner", "team", "postmortem", "issue__tracker")
PROBLEMS = Problem.objects.select_related("owner", "team", "category").prefetch_related("services")
ARTICLES = Article.objects.with_uses().order_by("-number").select_related("team").prefetch_related("services")


class ActionsView(RecordsView):
    queryset = ACTIONS
    serializer_class = detail_class = records.ActionSerializer
    filterset_class = filters.ActionFilter

    @extend_schema(request=inputs.CreateActionSerializer, responses={201: records.ActionSerializer})
    def post(self, request: Request) -> Response:
        return self.made(services.create_action(**read(inputs.CreateActionSerializer, request), by=self.asker))


class ActionView(RecordView):
    queryset = ACTIONS
    serializer_class = records.ActionSerializer

    @extend_schema(request=inputs.EditActionSerializer)
    def patch(self, request: Request, number: int) -> Response:
        action, told = self.get_object(), read(inputs.EditActionSerializer, request)
        return self.answer(services.update_action(action=action, by=self.asker, **told))


@extend_schema(request=inputs.ActionMoveSerializer)
class MoveActionView(RecordView):
    queryset = ACTIONS
    serializer_class = records.ActionSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        action, told = self.get_object(), read(inputs.ActionMoveSerializer, request)
        return self.answer(services.transition_action(action=action, **told, by=self.asker))


@extend_schema(request=inputs.SnoozeActionSerializer)
class SnoozeActionView(RecordView):
    queryset = ACTIONS
    serializer_class = records.ActionSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        action, told = self.get_object(), read(inputs.SnoozeActionSerializer, request)
        return self.answer(services.snooze(action=action, **told, by=self.asker))


class ProblemsView(RecordsView):
    queryset = PROBLEMS
    serializer_class = records.ProblemSerializer
    detail_class = records.ProblemDetailSerializer
    filterset_class = filters.ProblemFilter

    @extend_schema(request=inputs.OpenProblemSerializer, responses={201: records.ProblemDetailSerializer})
    def post(self, request: Request) -> Response:
        return self.made(services.open_problem(**read(inputs.OpenProblemSerializer, request), by=self.asker))


class ProblemView(RecordView):
    queryset = PROBLEMS
    serializer_class = records.ProblemDetailSerializer

    @extend_schema(request=inputs.EditProblemSerializer)
    def patch(self, request: Request, number: int) -> Response:
        problem, told = self.get_object(), read(inputs.EditProblemSerializer, request)
        return self.answer(services.edit_problem(problem=problem, by=self.asker, **told))


class _ProblemStep(RecordView):
    queryset = PROBLEMS
    serializer_class = records.ProblemDetailSerializer
    http_method_names = ["post", "options"]


@extend_schema(request=inputs.ProblemMoveSerializer)
class MoveProblemView(_ProblemStep):
    def post(self, request: Request, number: int) -> Response:
        problem, told = self.get_object(), read(inputs.ProblemMoveSerializer, request)
        return self.answer(services.transition_problem(problem=problem, **told, by=self.asker))


@extend_schema(request=inputs.KnownErrorSerializer)
class KnownErrorView(_ProblemStep):
    def post(self, request: Request, number: int) -> Response:
        problem, told = self.get_object(), read(inputs.KnownErrorSerializer, request)
        return self.answer(services.mark_known_error(problem=problem, **told, by=self.asker))


@extend_schema(request=inputs.ProblemLinksSerializer)
class LinkProblemView(_ProblemStep):
    def post(self, request: Request, number: int) -> Response:
        problem, told = self.get_object(), read(inputs.ProblemLinksSerializer, request)
        return self.answer(services.link_problem(problem=problem, by=self.asker, **told))


@extend_schema(request=inputs.ProblemLinksSerializer)
class UnlinkProblemView(_ProblemStep):
    def post(self, request: Request, number: int) -> Response:
        problem, told = self.get_object(), read(inputs.ProblemLinksSerializer, request)
        return self.answer(services.unlink_problem(problem=problem, by=self.asker, **told))


class ArticlesView(RecordsView):
    queryset = ARTICLES
    serializer_class = records.ArticleSerializer
    detail_class = records.ArticleDetailSerializer
    filterset_class = filters.ArticleFilter

    @extend_schema(request=inputs.WriteArticleSerializer, responses={201: records.ArticleDetailSerializer})
    def post(self, request: Request) -> Response:
        return self.made(services.write_article(**read(inputs.WriteArticleSerializer, request), by=self.asker))


class ArticleView(RecordView):
    queryset = ARTICLES
    serializer_class = records.ArticleDetailSerializer

    @extend_schema(request=inputs.EditArticleSerializer)
    def patch(self, request: Request, number: int) -> Response:
        article, told = self.get_object(), read(inputs.EditArticleSerializer, request)
        return self.answer(services.edit_article(article=article, by=self.asker, **told))


@extend_schema(request=inputs.ConfidenceSerializer)
class MoveArticleView(RecordView):
    queryset = ARTICLES
    serializer_class = records.ArticleDetailSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        article, told = self.get_object(), read(inputs.ConfidenceSerializer, request)
        return self.answer(services.set_confidence(article=article, confidence=told["to"], by=self.asker))


@extend_schema(request=inputs.UseSerializer, responses={201: records.UseAnswerSerializer})
class UsesView(PartView):
    serializer_class = records.UseAnswerSerializer

    def post(self, request: Request, number: int) -> Response:
        article, told = self.whole(Article, number), read(inputs.UseSerializer, request)
        return self.answer(services.record_use(article=article, **told, by=self.asker), 201)
