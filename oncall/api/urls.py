"""Addresses below /api/v1/. Where contracts.md writes no slash at the end, both forms answer."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from oncall.api import calendars, contact
from oncall.api.calendar_import import ImportView
from oncall.api.cover import CoverView, OverrideView, ShadowView
from oncall.api.deliveries import DeliveryView
from oncall.api.events import EventView
from oncall.api.integrations import IntegrationView
from oncall.api.leave import LeaveView
from oncall.api.maintenance import MaintenanceView
from oncall.api.now import NowView
from oncall.api.pages import PageView
from oncall.api.people import PersonView
from oncall.api.policies import PolicyView
from oncall.api.reports import BalanceView, ReportView
from oncall.api.rotations import RotationView
from oncall.api.schedules import PreviewView, ScheduleView, ShiftsView
from oncall.api.services import ServiceView
from oncall.api.swaps import SwapView
from oncall.api.teams import TeamView
from oncall.api.webhooks import WebhookMessageView, WebhookView

router = SimpleRouter()
router.register("teams", TeamView, basename="api-team")
router.register("people", PersonView, basename="api-person")
router.register("services", ServiceView, basename="api-service")
router.register("schedules", ScheduleView, basename="api-schedule")
router.register("policies", PolicyView, basename="api-policy")
router.register("integrations", IntegrationView, basename="api-integration")
router.register("pages", PageView, basename="api-page")
router.register("swaps", SwapView, basename="api-swap")
router.register("leave", LeaveView, basename="api-leave")
router.register("maintenance", MaintenanceView, basename="api-maintenance")
router.register("events", EventView, basename="api-event")
router.register("webhooks", WebhookView, basename="api-webhook")

of_integration = SimpleRouter()
of_integration.register("deliveries", DeliveryView, basename="api-delivery")

of_schedule = SimpleRouter()
of_schedule.register("overrides", OverrideView, basename="api-override")
of_schedule.register("shadows", ShadowView, basename="api-shadow")

urlpatterns = [
    re_path(r"^oncall/now/?$", NowView.as_view(), name="api-oncall-now"),
    path("oncall/preview/", PreviewView.as_view(), name="api-oncall-preview"),
    re_path(r"^schedules/(?P<slug>[-\w]+)/shifts/?$", ShiftsView.as_view(), name="api-schedule-shifts"),
    path("schedules/<slug:slug>/import/", ImportView.as_view(), name="api-schedule-import"),
    path("schedules/<slug:slug>/balance/", BalanceView.as_view(), name="api-schedule-balance"),
    path("schedules/<slug:slug>/rotations/", RotationView.as_view(), name="api-schedule-rotations"),
    path("schedules/<slug:slug>/report/", ReportView.as_view(), name="api-schedule-report"),
    path("schedules/<slug:slug>/cover/", CoverView.as_view(), name="api-schedule-cover"),
    path("schedules/<slug:slug>/", include(of_schedule.urls)),
    path("integrations/<int:integration>/", include(of_integration.urls)),
    path("schedules/<slug:slug>.ics", calendars.schedule_calendar, name="api-schedule-calendar"),
    path(
        "people/<str:person>/calendar/reset/", calendars.CalendarResetView.as_view(), name="api-person-calendar-reset"
    ),
    path(
        "people/<str:person>/contact-methods/",
        contact.ContactMethodView.as_view({"get": "list", "post": "create"}),
        name="api-contact-methods",
    ),
    path(
        "people/<str:person>/contact-methods/<int:method>/",
        contact.ContactMethodView.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="api-contact-method",
    ),
    path("people/<str:person>/contact-methods/<int:method>/code/", contact.CodeView.as_view(), name="api-contact-code"),
    path("people/<str:person>/contact-methods/<int:method>/test/", contact.TestView.as_view(), name="api-contact-test"),
    path(
        "people/<str:person>/contact-methods/<int:method>/verify/",
        contact.VerifyView.as_view(),
        name="api-contact-verify",
    ),
    path("people/<str:person>/contact-rules/", contact.ContactRulesView.as_view(), name="api-contact-rules"),
    path("people/<str:person>/quiet-hours/", contact.QuietHoursView.as_view(), name="api-quiet-hours"),
    path("people/me.ics", calendars.my_calendar, name="api-my-calendar"),
    path("webhooks/<int:webhook>/messages/", WebhookMessageView.as_view({"get": "list"}), name="api-webhook-messages"),
    path(
        "webhooks/<int:webhook>/messages/<int:message>/",
        WebhookMessageView.as_view({"get": "retrieve"}),
        name="api-webhook-message",
    ),
    path(
        "webhooks/<int:webhook>/messages/<int:message>/replay/",
        WebhookMessageView.as_view({"post": "replay"}),
        name="api-webhook-message-replay",
    ),
    path("", include(router.urls)),
]
