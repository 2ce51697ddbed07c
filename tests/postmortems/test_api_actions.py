"""Actions and trackers through the API: what a page shows and does, a program may too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import services
from postmortems.models import Action, Tracker
from postmortems.trackers.polling import poll_due
from postmortems.trackers.testing import check_due
from tests.factories import AdministratorFactory, IncidentFactory, PersonFactory, TeamFactory
from tests.postmortems.tracker_servers import tracker_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return PersonFactory()


@pytest.fixture
def program(api, me):
    return api(me)


def create(**fields):
    return services.create_action(**{"title": "Bound the pool", "by": None} | fields)


def test_an_action_tells_which_words_it_came_from_and_when_it_is_reminded_of(program, me):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    due = timezone.localdate() + timedelta(days=30)
    given = {"title": "Bound it", "postmortem": postmortem.number, "section": "summary", "owner": me.email}
    answer = program.post("/api/v1/actions/", given | {"excerpt": "The pool was full.", "due_on": str(due)})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["section"], told["excerpt"], told["remind_every"]) == ("summary", "The pool was full.", 7)
    assert told["next_reminder_on"] == str(due - timedelta(days=7)) and told["issue"] is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"excerpt": "Words."}, "postmortem"),
        ({"remind_every": 0}, "remind_every"),
        ({"remind_every": 31}, "remind_every"),
        ({"due_on": "1628-08-10"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
    ],
)
def test_what_cannot_be_is_refused_by_field(program, given, field):
    answer = program.post("/api/v1/actions/", {"title": "Bound it"} | given)
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field]
    assert not Action.objects.exists()


def test_a_section_that_the_post_mortem_does_not_have_is_refused(program):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    given = {"title": "Bound it", "postmortem": postmortem.number, "section": "weather"}
    assert list(program.post("/api/v1/actions/", given).json()["errors"]) == ["section"]


def test_its_owner_snoozes_it_and_wakes_it_again(program, me):
    action = create(owner=me)
    here, until = f"/api/v1/actions/{action.number}/snooze/", timezone.localdate() + timedelta(days=40)
    answer = program.post(here, {"until": str(until)})
    assert (answer.status_code, answer.json()["snoozed_until"]) == (200, str(until))
    assert answer.json()["next_reminder_on"] == str(until)
    assert program.post(here, {"until": None}, format="json").json()["snoozed_until"] is None
    assert program.post(here, {"until": str(until + timedelta(days=90))}).status_code == 400
    assert program.post(here, {}).status_code == 400


def test_nobody_else_does_and_what_is_closed_is_not_snoozed(program, api, me):
    action, until = create(owner=me), str(timezone.localdate() + timedelta(days=4))
    here = f"/api/v1/actions/{action.number}/snooze/"
    assert api(PersonFactory()).post(here, {"until": until}).status_code == 403
    services.transition_action(action=action, to="done", by=None)
    assert program.post(here, {"until": until}).status_code == 409


def test_a_list_narrows_to_what_nobody_owns_and_to_kinds(program, me):
    left = create(owner=PersonFactory(), kind="detect")
    left.owner.is_active = False
    left.owner.save()
    create(owner=me)
    for query in ("unowned=true", "kind=detect", "kind=detect&priority=medium"):
        found = program.get(f"/api/v1/actions/?{query}").json()["results"]
        assert [one["number"] for one in found] == [left.number], query


def test_the_teams_stand_with_what_is_open_and_overdue(program):
    team = TeamFactory(name="Payments")
    late = create(team=team)
    create(team=team)
    Action.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=9))
    told = program.get("/api/v1/actions/teams/").json()
    assert told == [{"team": team.slug, "name": "Payments", "open": 2, "overdue": 1, "greatest_days": 9}]


def test_an_administrator_adds_tests_changes_and_retires_a_tracker(api):
    program = api(AdministratorFactory())
    with tracker_server("github") as server:
        given = {"kind": "github", "name": "GitHub", "url": server.url, "token": "s3cret"}
        added = program.post("/api/v1/trackers/", given)
        assert added.status_code == 201 and added.json()["webhook_secret"]
        here = f"/api/v1/trackers/{added.json()['id']}/"
        check_due()
        told = program.get(here).json()
        assert (told["has_token"], told["testing"], told["last_error"]) == (True, False, "")
        assert "andon-bot" in told["test_said"]
        assert program.post(f"{here}test/").json()["testing"]
        action = create(url=f"{server.url}/shop/pay/issues/7")
        poll_due()
        issue = program.get(f"/api/v1/actions/{action.number}/").json()["issue"]
        assert (issue["tracker"], issue["ref"], issue["state"]) == ("github", "shop/pay#7", "open")
    assert program.patch(here, {"name": "Code"}).json()["name"] == "Code"
    assert program.patch(here, {"url": "https://elsewhere.example"}).status_code == 400
    assert program.post(f"{here}retire/").json()["retired_at"]
    assert program.post(f"{here}test/").status_code == 409
    assert program.post(f"{here}take-up/").json()["retired_at"] is None
    assert "s3cret" not in program.get("/api/v1/trackers/").content.decode()


def test_trackers_are_for_administrators(program):
    tracker = Tracker.objects.create(name="GitHub", kind="github", url="https://github.com", key="k")
    here = f"/api/v1/trackers/{tracker.pk}/"
    for address in ("/api/v1/trackers/", here):
        assert program.get(address).status_code == 403
    for act in ("test/", "retire/", "take-up/"):
        assert program.post(f"{here}{act}").status_code == 403
