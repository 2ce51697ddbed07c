"""What a problem has cost and asks once it is resolved, and the reminders of what is to be looked at again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.models import Delivery
from postmortems import review_reminders, services
from postmortems.problems.impact import Harm, impact
from tests.factories import (
    ChangeFactory,
    ContactMethodFactory,
    IncidentFactory,
    PersonFactory,
    ServiceFactory,
    TeamFactory,
)
from tests.postmortems.cases import resolved

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_incidents_are_added_up():
    hour = timedelta(hours=1)
    found = impact(
        [
            Harm("sev2", NOON - 9 * hour, NOON - 8 * hour, ("Checkout",)),
            Harm("sev1", NOON - 5 * hour, NOON - 2 * hour, ("Checkout", "Search")),
            Harm("sev2", NOON - 2 * hour, None),
        ],
        NOON,
    )
    assert (found.count, found.by_severity, found.going_on) == (3, {"sev1": 1, "sev2": 2}, 1)
    assert (found.total, found.median, found.last_at) == (6 * hour, 2 * hour, NOON - 2 * hour)
    assert found.services == ("Checkout", "Search")


def test_nothing_adds_up_to_nothing():
    found = impact([], NOON)
    assert (found.count, found.total, found.median, found.last_at) == (0, timedelta(), None, None)


@pytest.mark.django_db
def test_the_page_the_list_and_the_api_say_what_it_has_cost(client, api):
    service, person = ServiceFactory(name="Checkout"), PersonFactory()
    incidents = [resolved(services=[service]), resolved(services=[service]), resolved(practice=True)]
    problem = services.open_problem(title="Pool", incidents=incidents, by=None)
    client.force_login(person)
    page = client.get(f"/problems/{problem.number}/").text
    assert "What it has cost" in page and "Checkout" in page
    cost = api(person).get(f"/api/v1/problems/{problem.number}/").json()["cost"]
    assert cost["incidents"] == 2 and cost["median_seconds"] == cost["total_seconds"] / 2


@pytest.fixture
def owner():
    return ContactMethodFactory().person


@pytest.fixture
def fixed(owner):
    """A problem that was fixed, with an article written before."""
    problem = services.open_problem(title="Pool", owner=owner, by=None)
    services.write_article(title="Restart", issue="It hangs", problems=[problem], by=None)
    services.link_problem(problem=problem, changes=[ChangeFactory(state="succeeded")], by=None)
    return services.transition_problem(problem=problem, to="resolved", outcome="fixed", by=None)


@pytest.mark.django_db
def test_a_resolved_problem_asks_for_its_articles_once(fixed, owner, api, settle):
    settle()
    client = api(owner)
    here = f"/api/v1/problems/{fixed.number}/"
    [ask] = client.get(here).json()["asks"]
    assert "K1 Restart" in ask and "update or archive" in ask
    [told] = Delivery.objects.filter(about=f"problem:{fixed.number}")
    assert "K1 Restart" in told.message["text"]
    services.set_confidence(article=fixed.articles.get(), confidence="archived", by=None)
    assert client.get(here).json()["asks"] == []


@pytest.mark.django_db
def test_an_incident_that_comes_after_offers_to_reopen(fixed, owner, client):
    later = IncidentFactory(started_at=timezone.now() + timedelta(minutes=1))
    services.link_problem(problem=fixed, incidents=[later], by=None)
    client.force_login(owner)
    page = client.get(f"/problems/{fixed.number}/").text
    assert f"#{later.number} came after this was resolved" in page and "Reopen" in page


@pytest.mark.django_db
def test_the_change_that_fixes_it_leads_back(fixed, owner, client):
    change = fixed.changes.get()
    client.force_login(owner)
    assert f"/changes/{change.pk}/problems/" in client.get(f"/changes/{change.pk}/").text
    assert "P1" in client.get(f"/changes/{change.pk}/problems/").text


@pytest.mark.django_db
def test_recent_changes_of_its_services_are_offered_as_the_fix(owner, client):
    service = ServiceFactory()
    problem = services.open_problem(title="Pool", services=[service], by=None)
    change = ChangeFactory(state="succeeded", service=service, finished_at=timezone.now() + timedelta(minutes=1))
    client.force_login(owner)
    here = f"/problems/{problem.number}/"
    assert "It fixes this" in client.get(here).text
    client.post(f"{here}links/", {"link-kind": "changes", "link-key": f"id {change.pk}"})
    assert list(problem.changes.all()) == [change]


@pytest.mark.django_db
def test_a_revision_that_went_to_several_services_is_asked_about(owner, client):
    here, there = ServiceFactory(slug="here"), ServiceFactory(slug="there")
    for service in (here, there):
        ChangeFactory(service=service, revision="4f2a1c9" + "0" * 33)
    problem = services.open_problem(title="Pool", by=None)
    client.force_login(owner)
    add = f"/problems/{problem.number}/links/"
    refused = client.post(add, {"link-kind": "changes", "link-key": "4f2a1c9"})
    assert refused.status_code == 422 and "there 4f2a1c9" in refused.text
    client.post(add, {"link-kind": "changes", "link-key": "there 4f2a1c9"})
    assert problem.changes.get().service == there


def told(about):
    return Delivery.objects.filter(about=about).count()


@pytest.mark.django_db
def test_the_owner_is_reminded_of_an_accepted_risk_when_its_date_comes_and_monthly_then(owner, time_machine):
    time_machine.move_to("2026-06-01T09:00Z")
    problem = services.open_problem(title="Old cable", owner=owner, by=None)
    services.transition_problem(
        problem=problem, to="resolved", outcome="risk_accepted", review_on=date(2026, 7, 31), by=None
    )
    days = []
    for day in range(150):
        time_machine.move_to(datetime(2026, 6, 2, 9, tzinfo=UTC) + timedelta(days=day))
        if review_reminders.remind_due():
            days.append(timezone.localdate().isoformat())
        review_reminders.remind_due()
    assert days == ["2026-07-31", "2026-08-28", "2026-09-28", "2026-10-28"]


@pytest.mark.django_db
@pytest.mark.parametrize("stands_in", ["team", "who opened it"])
def test_an_accepted_risk_whose_owner_left_is_remembered_by_its_team_or_who_opened_it(owner, time_machine, stands_in):
    time_machine.move_to("2026-06-01T09:00Z")
    left, team = PersonFactory(), TeamFactory() if stands_in == "team" else None
    if team:
        team.members.add(owner)
    problem = services.open_problem(title="Old cable", owner=left, team=team, by=None if team else owner)
    risk = {"outcome": "risk_accepted", "review_on": date(2026, 7, 31)}
    services.transition_problem(problem=problem, to="resolved", by=None, **risk)
    left.is_active = False
    left.save()
    time_machine.move_to("2026-07-31T09:00Z")
    assert review_reminders.remind_due() == 1
    assert Delivery.objects.get(about=f"problem:{problem.number}").method.person == owner


@pytest.mark.django_db
def test_those_who_keep_an_article_are_reminded_until_they_say_that_it_is_still_right(owner, time_machine):
    time_machine.move_to("2026-06-01T09:00Z")
    team = TeamFactory()
    team.members.add(owner)
    article = services.write_article(title="x", issue="x", team=team, review_on=date(2026, 6, 10), by=PersonFactory())
    archived = services.write_article(title="x", issue="x", team=team, review_on=date(2026, 6, 10), by=None)
    services.set_confidence(article=archived, confidence="archived", by=None)
    assert review_reminders.remind_due() == 0
    time_machine.move_to("2026-06-10T09:00Z")
    assert (review_reminders.remind_due(), review_reminders.remind_due()) == (1, 0)
    time_machine.move_to("2026-07-11T09:00Z")
    assert review_reminders.remind_due() == 1
    article = services.review_article(article=article, by=owner)
    assert article.review_on == date(2027, 1, 9)
    time_machine.move_to("2026-12-11T09:00Z")
    assert review_reminders.remind_due() == 0
