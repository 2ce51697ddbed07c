"""Pages and fragments of this room."""

from django.urls import path

from incidents.views import acts, alerts, declare, edit, home, listing, pages, people, room

app_name = "incidents"
_room = "incidents/<int:number>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("home/pages/<int:page>/acknowledge/", home.answer, name="answer"),
    path("incidents/", listing.incidents, name="list"),
    path("incidents/declare/", declare.declare, name="declare"),
    path("services/<slug:slug>/incidents/", listing.of_service, name="of-service"),
    path(_room, room.show, name="room"),
    path(f"{_room}header/", room.header, name="header"),
    path(f"{_room}timeline/", room.timeline, name="timeline"),
    path(f"{_room}rail/", room.rail, name="rail"),
    path(f"{_room}acts/", room.acts, name="acts"),
    path(f"{_room}panels/", room.panels, name="panels"),
    path(f"{_room}alerts/", alerts.alerts, name="alerts"),
    path(f"{_room}edit/", edit.edit, name="edit"),
    path(f"{_room}say/", acts.say, name="say"),
    path(f"{_room}status/", acts.change_status, name="status"),
    path(f"{_room}severity/", acts.change_severity, name="severity"),
    path(f"{_room}private/", acts.set_private, name="private"),
    path(f"{_room}merge/", acts.merge, name="merge"),
    path(f"{_room}tasks/", acts.add_task, name="tasks"),
    path(f"{_room}tasks/<int:task>/", acts.tick_task, name="task"),
    path(f"{_room}suspects/<int:change>/", acts.judge, name="suspect"),
    path(f"{_room}roles/", people.change_role, name="roles"),
    path(f"{_room}people/", people.add_person, name="people"),
    path(f"{_room}join/", people.join, name="join"),
    path(f"{_room}services/", acts.add_service, name="services"),
    path(f"{_room}services/<slug:slug>/remove/", acts.remove_service, name="service-remove"),
    path(f"{_room}pages/", pages.call, name="call"),
    path(f"{_room}pages/<int:page>/acknowledge/", pages.acknowledge, name="acknowledge"),
    path(f"{_room}pages/<int:page>/escalate/", pages.escalate, name="escalate"),
]
