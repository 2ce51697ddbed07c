"""Every address; each room's own are in its `urls.py`, the API's in `api.py`."""

from django.contrib import admin
from django.http import Http404
from django.urls import include, path, re_path
from django.views.defaults import page_not_found

from config import health, metrics
from notifications import appearance, intake

urlpatterns = [
    # programs first: they ask most often
    path("hooks/<slug:source>/<str:key>", intake.hook, name="hook"),
    path("e/<str:token>", intake.one_line, name="one-line"),
    path("api/v1/", include("config.api")),
    path("", include("slack.urls")),
    path("", include("incidents.urls")),
    path("", include("oncall.urls")),
    path("", include("changes.urls")),
    path("", include("telemetry.urls")),
    path("", include("postmortems.urls")),
    path("accounts/", include("allauth.urls")),
    re_path(r"^admin/r/", page_not_found, {"exception": Http404()}),  # leads to records whoever may see them
    path("admin/", admin.site.urls),
    path("styleguide/", appearance.styleguide, name="styleguide"),
    path("theme/", appearance.set_theme, name="set_theme"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
]
