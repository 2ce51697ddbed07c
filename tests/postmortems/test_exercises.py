"""A past incident as a game day: the host shows, players say, and how it ended comes last."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.services import edit, transition
from notifications.errors import Conflict, Forbidden, InvalidInput
from postmortems import services
from postmortems.exercises import Replay
from postmortems.models import Exercise
from tests.factories import AdministratorFactory, PersonFactory, ServiceFactory, SnapshotFactory, TimelineEntryFactory
from tests.postmortems.cases import member, resolved

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/exercises/"


@pytest.fixture
def host():
    return member("dev")


@pytest.fixture
def player():
    return member("ops")


def entered(incident, minutes, text, kind="note", *, late=0, **fields):
    at = incident.started_at + timedelta(minutes=minutes)
    recorded = at + timedelta(minutes=late)
    return TimelineEntryFactory(incident=incident, at=at, recorded_at=recorded, kind=kind, text=text, **fields)


@pytest.fixture
def incident():
    """An hour that began slow, and whose end says why."""
    incident = resolved(title="Checkout is slow", ago=timedelta(days=20), services=[ServiceFactory()])
    entered(incident, 0, "Declared: Checkout is slow", "declared")
    entered(incident, 10, "Latency is at 4 s")
    entered(incident, 20, "Deployed 4f2a", "change")
    entered(incident, 60, "Resolved: the QUAGGA index was back", "status", data={"to": "resolved"})
    entered(incident, 5, "It was the QUAGGA index", late=60 * 24)
    services.open_postmortem(incidents=[incident], title="The QUAGGA index was dropped")
    return incident


@pytest.fixture
def exercise(incident, host):
    return services.start_exercise(incident=incident, by=host)


def browser(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_players_see_one_step_after_the_other_and_say_what_they_would_do(exercise, host, player):
    theirs, hosts = browser(player), browser(host)
    here = exercise.get_absolute_url()
    page = theirs.get(here).text
    assert "Declared: Checkout is slow" in page and "Latency is at 4 s" not in page
    assert "Show the next step" not in page and "step 1 of 3" not in page
    assert "step 1 of 3" in hosts.get(here).text
    hosts.post(f"{here}next/", {"seen": 1})
    assert "Latency is at 4 s" in theirs.get(f"{here}now/").text
    theirs.post(f"{here}say/", {"text": "Look at the database"})
    assert "Look at the database" in hosts.get(here).text


def test_nothing_gives_the_end_away_before_it_is_shown(exercise, incident, host, player):
    edit(incident=incident, title="The QUAGGA index was dropped", by=host)
    here = exercise.get_absolute_url()
    for client in (browser(player), browser(host)):
        for _ in range(5):
            client.post(f"{here}next/", {"seen": Exercise.objects.get().shown})
        for path in (here, f"{here}now/", "/exercises/", f"/api/v1{here}", ROOT):
            text = client.get(path).text
            assert "QUAGGA" not in text and "esolved" not in text and incident.get_absolute_url() not in text, path
    browser(host).post(f"{here}finish/")
    assert "QUAGGA" in browser(player).get(here).text


def test_two_clicks_are_one_step_and_the_last_step_is_the_last(exercise, host):
    for _ in range(2):
        services.show_next(exercise=exercise, seen=1, by=host)
    assert Exercise.objects.get().shown == 2
    services.show_next(exercise=exercise, seen=2, by=host)
    with pytest.raises(Conflict, match="show the outcome"):
        services.show_next(exercise=exercise, seen=3, by=host)


def test_only_the_host_leads_or_an_administrator_when_the_host_has_gone(exercise, player):
    for act in (
        lambda by: services.show_next(exercise=exercise, seen=1, by=by),
        lambda by: services.finish_exercise(exercise=exercise, by=by),
    ):
        with pytest.raises(Forbidden, match="Only the host"):
            act(player)
        act(AdministratorFactory())
    viewer = PersonFactory(role="viewer")
    with pytest.raises(Forbidden):
        services.say_in_exercise(exercise=exercise, text="x", by=viewer)
    assert browser(viewer).get(exercise.get_absolute_url()).status_code == 200


def test_what_is_said_belongs_to_the_step_that_was_seen(exercise, host, player):
    first = Replay(exercise, player).now.step.key
    exercise = services.show_next(exercise=exercise, seen=1, by=host)
    late = services.say_in_exercise(exercise=exercise, text="Wait", entry=first, by=player)
    now = services.say_in_exercise(exercise=exercise, text="Look", by=player)
    assert (late.entry_id, now.entry_id != first) == (first, True)
    hidden = Replay(exercise, player).steps[-1].key
    with pytest.raises(InvalidInput, match="not shown yet"):
        services.say_in_exercise(exercise=exercise, text="I know", entry=hidden, by=player)


def test_at_the_end_it_stands_beside_what_was_said_with_its_findings(exercise, incident, host, player):
    services.say_in_exercise(exercise=exercise, text="Page the database team", by=player)
    services.finish_exercise(exercise=exercise, by=host)
    here, client = exercise.get_absolute_url(), browser(player)
    text = client.get(here).text
    assert "Page the database team" in text and "What came after the last step" in text
    assert "Resolved: the QUAGGA index was back" in text and "1 h" in text
    assert incident.postmortems.get().get_absolute_url() in text and "Write an article from this" in text
    client.post(f"{here}findings/", {"findings": "We *lack* <script>alert(1)</script> a dashboard."})
    text = client.get(here).text
    assert "<em>lack</em>" in text and "<script>alert" not in text
    for late in (
        lambda: services.say_in_exercise(exercise=exercise, text="x", by=player),
        lambda: services.show_next(exercise=exercise, seen=1, by=host),
    ):
        with pytest.raises(Conflict, match="over"):
            late()
    assert client.get(f"{here}now/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_metrics_are_shown_up_to_the_step_and_no_further(exercise, incident, player):
    points = [[(incident.started_at + timedelta(minutes=i)).timestamp(), float(i + 40)] for i in range(-40, 60, 2)]
    SnapshotFactory(about=incident.subject, service=incident.services.get(), series=[{"label": "", "points": points}])
    Exercise.objects.update(shown=2)
    metrics = Replay(Exercise.objects.get(), player).metrics
    assert "10 to 50" in metrics.wide


@pytest.mark.parametrize("status", ["investigating", "monitoring", "cancelled"])
def test_an_incident_that_is_not_over_is_not_replayed(incident, host, status):
    type(incident).objects.filter(pk=incident.pk).update(status=status)
    incident.refresh_from_db()
    with pytest.raises(Conflict, match="replay one that is resolved"):
        services.start_exercise(incident=incident, by=host)


def test_an_incident_of_which_nothing_was_told_is_not_replayed(host):
    with pytest.raises(Conflict, match="Nothing was told"):
        services.start_exercise(incident=resolved(), by=host)
    assert not Exercise.objects.exists()


def test_an_incident_reopened_meanwhile_still_ends_where_it_had(exercise, incident, host, player):
    transition(incident=incident, to="reopened", reason="Again", by=host)
    assert len(Replay(Exercise.objects.get(), player).steps) == 3
    assert services.say_in_exercise(exercise=exercise, text="Look", by=player).text == "Look"


def test_it_is_started_from_the_incident_and_listed(incident, host):
    client = browser(host)
    assert (
        f"/exercises/new/?incident={incident.number}" in client.get(f"/incidents/{incident.number}/post-mortem/").text
    )
    assert "Nothing was replayed yet" in client.get("/exercises/").text
    assert "selected" in client.get(f"/exercises/new/?incident={incident.number}").text
    assert client.post("/exercises/new/", {"incident": "77"}).status_code == 422
    started = client.post("/exercises/new/", {"incident": incident.number})
    assert started.url == "/exercises/1/" and "under way" in client.get("/exercises/").text


def test_saying_something_without_leaving_the_page(exercise, player):
    here, client = exercise.get_absolute_url(), browser(player)
    answer = client.post(f"{here}say/", {"text": "Look at the database"}, headers={"HX-Request": "true"})
    assert "Look at the database" in answer.text and 'hx-swap-oob="true"' in answer.text
    assert client.post(f"{here}say/", {"text": " "}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(f"{here}say/", {"text": "x", "entry": "999999"}).status_code == 422


def test_a_private_incident_is_replayed_among_those_who_may_see_it(incident, host, player):
    incident.participant_set.create(person=host, how="added")
    type(incident).objects.filter(pk=incident.pk).update(private=True)
    exercise = services.start_exercise(incident=incident, by=host)
    assert browser(host).get(exercise.get_absolute_url()).status_code == 200
    assert browser(player).get(exercise.get_absolute_url()).status_code == 404
    assert "Checkout" not in browser(player).get("/exercises/").text
    assert browser(player).post("/exercises/new/", {"incident": incident.number}).status_code == 422


def test_the_same_through_the_api(api, incident, host, player):
    hosts, theirs = api(host), api(player)
    made = hosts.post(ROOT, {"incident": incident.number})
    assert made.status_code == 201
    here = f"{ROOT}{made.json()['number']}/"
    assert [step["text"] for step in theirs.get(here).json()["steps"]] == ["Declared: Checkout is slow"]
    assert theirs.post(f"{here}next/", {"seen": 1}).status_code == 403
    told = hosts.post(f"{here}next/", {"seen": 1}).json()
    assert (told["shown"], len(told["steps"]), told["outcome"]) == (2, 2, None)
    said = theirs.post(f"{here}notes/", {"text": "Look at the database"})
    assert said.status_code == 201
    outcome = hosts.post(f"{here}finish/").json()["outcome"]
    assert (outcome["incident"], outcome["status"], len(outcome["postmortems"])) == (incident.number, "resolved", 1)
    assert theirs.patch(here, {"findings": "A dashboard"}).json()["findings"] == "A dashboard"
    told = theirs.get(here).json()
    assert told["steps"][1]["notes"][0]["text"] == "Look at the database"
    assert theirs.post(f"{here}notes/", {"text": "Late"}).status_code == 409
    assert [one["number"] for one in theirs.get(ROOT).json()["results"]] == [1]
