"""Pages and fragments of this room."""

from django.urls import path

from oncall.views import (
    integrations,
    links,
    overrides,
    pages,
    people,
    schedule_edit,
    schedules,
    services,
    teams,
    welcome,
)
from oncall.views import settings as own

app_name = "oncall"
urlpatterns = [
    path("schedules/", schedules.schedule_list, name="schedules"),
    path("schedules/new/", schedule_edit.schedule_new, name="schedule-new"),
    path("schedules/<slug:slug>/", schedules.schedule_detail, name="schedule"),
    path("schedules/<slug:slug>/edit/", schedule_edit.schedule_edit, name="schedule-edit"),
    path("schedules/<slug:slug>/delete/", schedules.schedule_delete, name="schedule-delete"),
    path("schedules/<slug:slug>/override/", overrides.override_new, name="override"),
    path("schedules/<slug:slug>/override/<int:pk>/remove/", overrides.override_remove, name="override-remove"),
    path("services/", services.service_list, name="services"),
    path("services/new/", services.service_new, name="service-new"),
    path("services/<slug:slug>/", services.service_detail, name="service"),
    path("services/<slug:slug>/edit/", services.service_edit, name="service-edit"),
    path("services/<slug:slug>/delete/", services.service_delete, name="service-delete"),
    path("pages/", pages.page_list, name="pages"),
    path("pages/new/", pages.page_new, name="page-new"),
    path("pages/<int:pk>/", pages.page_detail, name="page"),
    path("pages/<int:pk>/acknowledge/", pages.acknowledge, name="acknowledge"),
    path("pages/<int:pk>/escalate/", pages.escalate, name="escalate"),
    path("pages/<int:pk>/resolve/", pages.resolve, name="resolve"),
    path("pages/<int:pk>/snooze/", pages.snooze, name="snooze"),
    path("p/<str:token>/", links.answer_link, name="link"),
    path("people/", people.person_list, name="people"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<int:pk>/", people.person_detail, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path("people/<int:pk>/methods/", people.method_add, name="method-add"),
    path("people/<int:pk>/methods/<int:method>/remove/", people.method_remove, name="method-remove"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<slug:slug>/", teams.team_detail, name="team"),
    path("teams/<slug:slug>/edit/", teams.team_edit, name="team-edit"),
    path("teams/<slug:slug>/delete/", teams.team_delete, name="team-delete"),
    path("settings/", own.settings_home, name="settings"),
    path("settings/integrations/", integrations.integration_list, name="integrations"),
    path("settings/integrations/new/", integrations.integration_new, name="integration-new"),
    path("settings/integrations/<int:pk>/", integrations.integration_detail, name="integration"),
    path("settings/integrations/<int:pk>/rotate/", integrations.secret_rotate, name="secret-rotate"),
    path(
        "settings/integrations/<int:pk>/secrets/<int:secret>/retire/", integrations.secret_retire, name="secret-retire"
    ),
    path("settings/integrations/<int:pk>/disable/", integrations.integration_disable, name="integration-disable"),
    path("settings/integrations/<int:pk>/test/", integrations.integration_test, name="integration-test"),
    path(
        "settings/integrations/<int:pk>/deliveries/<int:message>/replay/",
        integrations.delivery_replay,
        name="delivery-replay",
    ),
    path("settings/tokens/", own.tokens, name="tokens"),
    path("settings/tokens/<slug:pk>/revoke/", own.token_revoke, name="token-revoke"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
]
