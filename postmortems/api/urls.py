"""Addresses below /api/v1/. What contracts.md writes without a slash at the end answers with one too."""

from django.urls import path, re_path

from postmortems.api.views import images, imports, insight, learning, parts, postmortems, records, sections, timeline

ONE = "postmortems/<int:number>/"
SECTION = f"{ONE}sections/<slug:key>/"

urlpatterns = [
    path("postmortems/", postmortems.PostmortemsView.as_view(), name="api-postmortems"),
    path(ONE, postmortems.PostmortemView.as_view(), name="api-postmortem"),
    path(f"{ONE}transition/", postmortems.MovePostmortemView.as_view(), name="api-postmortem-transition"),
    re_path(
        r"^postmortems/(?P<number>[0-9]+)/export/?$", postmortems.ExportView.as_view(), name="api-postmortem-export"
    ),
    path(SECTION, sections.SectionView.as_view(), name="api-section"),
    path(f"{SECTION}revisions/", sections.RevisionsView.as_view(), name="api-section-revisions"),
    path(f"{SECTION}restore/", sections.RestoreView.as_view(), name="api-section-restore"),
    path(f"{SECTION}language/", sections.CoachView.as_view(), name="api-section-language"),
    path(f"{ONE}images/", images.ImagesView.as_view(), name="api-images"),
    path(f"{ONE}images/<slug:name>/", images.ImageView.as_view(), name="api-image"),
    path(f"{ONE}factors/", parts.FactorsView.as_view(), name="api-postmortem-factors"),
    path(f"{ONE}factors/<int:pk>/", parts.FactorView.as_view(), name="api-postmortem-factor"),
    path(f"{ONE}reviewers/", parts.ReviewersView.as_view(), name="api-reviewers"),
    path(f"{ONE}reviewers/<int:pk>/", parts.ReviewerView.as_view(), name="api-reviewer"),
    path(f"{ONE}sign-off/", parts.SignOffView.as_view(), name="api-sign-off"),
    path(f"{ONE}timeline/", timeline.TimelineView.as_view(), name="api-curated"),
    path(f"{ONE}timeline/selected/", timeline.SelectedView.as_view(), name="api-curated-selected"),
    path(f"{ONE}timeline/moments/", timeline.AddMomentView.as_view(), name="api-moments"),
    path(f"{ONE}timeline/moments/<int:pk>/", timeline.OwnMomentView.as_view(), name="api-own-moment"),
    path(f"{ONE}timeline/<int:entry>/", timeline.PickedView.as_view(), name="api-uncurate"),
    path("incidents/<int:number>/exemption/", parts.ExemptView.as_view(), name="api-exemption"),
    path("incidents/<int:number>/seen-before/", parts.SeenBeforeView.as_view(), name="api-seen-before"),
    path("imports/", imports.ImportsView.as_view(), name="api-imports"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="api-import"),
    path("templates/", postmortems.TemplatesView.as_view(), name="api-templates"),
    path("factors/", parts.TaxonomyView.as_view(), name="api-factors"),
    path("actions/", records.ActionsView.as_view(), name="api-actions"),
    path("actions/<int:number>/", records.ActionView.as_view(), name="api-action"),
    path("actions/<int:number>/transition/", records.MoveActionView.as_view(), name="api-action-transition"),
    path("problems/", records.ProblemsView.as_view(), name="api-problems"),
    path("problems/<int:number>/", records.ProblemView.as_view(), name="api-problem"),
    path("problems/<int:number>/transition/", records.MoveProblemView.as_view(), name="api-problem-transition"),
    path("problems/<int:number>/known-error/", records.KnownErrorView.as_view(), name="api-problem-known-error"),
    path("problems/<int:number>/link/", records.LinkProblemView.as_view(), name="api-problem-link"),
    path("problems/<int:number>/unlink/", records.UnlinkProblemView.as_view(), name="api-problem-unlink"),
    path("knowledge/", records.ArticlesView.as_view(), name="api-articles"),
    path("knowledge/<int:number>/", records.ArticleView.as_view(), name="api-article"),
    path("knowledge/<int:number>/transition/", records.MoveArticleView.as_view(), name="api-article-transition"),
    path("knowledge/<int:number>/uses/", records.UsesView.as_view(), name="api-article-uses"),
    path("subscriptions/", learning.SubscriptionsView.as_view(), name="api-subscriptions"),
    path("subscriptions/<int:pk>/", learning.SubscriptionView.as_view(), name="api-subscription"),
    path("postmortem-of-the-month/", learning.OfTheMonthView.as_view(), name="api-of-the-month"),
    path("reading-sessions/", learning.ReadingSessionsView.as_view(), name="api-reading-sessions"),
    path("reading-sessions/<int:pk>/", learning.ReadingSessionView.as_view(), name="api-reading-session"),
    path("reading-sessions/<int:pk>/come/", learning.ComeAlongView.as_view(), name="api-come-along"),
    path("reading-sessions/<int:pk>/cancel/", learning.CancelSessionView.as_view(), name="api-cancel-reading"),
    re_path(r"^trends/(?P<figure>[a-z-]+)/?$", insight.TrendView.as_view(), name="api-trend"),
    re_path(r"^trends/(?P<figure>[a-z-]+)/rows/?$", insight.TrendRowsView.as_view(), name="api-trend-rows"),
    re_path(r"^search/?$", insight.SearchView.as_view(), name="api-search"),
    re_path(r"^language/check/?$", insight.CheckView.as_view(), name="api-language-check"),
]
