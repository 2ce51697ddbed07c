"""What problems suggest, and what is known of articles over time."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from oncall.requests import read
from postmortems import services
from postmortems.api import inputs, records
from postmortems.api.views.base import PartView, RecordView
from postmortems.api.views.records import ARTICLES
from postmortems.models import Article
from postmortems.problems.suggestions import suggestions


class SuggestionsView(PartView):
    """Factors that recur at a service, while no unresolved problem stands for them."""

    serializer_class = records.SuggestionSerializer

    @extend_schema(responses=records.SuggestionSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.answers(suggestions(request.user))


@extend_schema(request=inputs.DismissSuggestionSerializer, responses={201: records.DismissalSerializer})
class DismissSuggestionView(PartView):
    """Say why no problem is opened; it is suggested again when more incidents come."""

    serializer_class = records.DismissalSerializer

    def post(self, request: Request) -> Response:
        told = read(inputs.DismissSuggestionSerializer, request)
        found = suggestions(request.user, factor=told["factor"].key, service=told["service"].slug)
        number = sum(len(one.incidents) for one in found)
        return self.answer(services.dismiss_suggestion(**told, incidents=number, by=self.asker), 201)


@extend_schema(request=inputs.ReviewArticleSerializer)
class ReviewArticleView(RecordView):
    """It was read, and is still right."""

    queryset = ARTICLES
    serializer_class = records.ArticleDetailSerializer
    http_method_names = ["post", "options"]

    def post(self, request: Request, number: int) -> Response:
        article, told = self.get_object(), read(inputs.ReviewArticleSerializer, request)
        return self.answer(services.review_article(article=article, **told, by=self.asker))


class ArticleVersionsView(PartView):
    """An article as it was, the newest version first."""

    serializer_class = records.ArticleVersionSerializer

    @extend_schema(responses=records.ArticleVersionSerializer(many=True))
    def get(self, request: Request, number: int) -> Response:
        versions = self.whole(Article, number).history.select_related("history_user")
        return self.answers(versions.order_by("-history_date", "-history_id")[:100])
