"""Incidents that share a factor and a service suggest a problem; one is asked about once, and again when more come."""

from datetime import timedelta

import pytest

from postmortems import services
from postmortems.models import Factor, Problem
from postmortems.problems.suggestions import suggestions
from tests.factories import PersonFactory, ServiceFactory
from tests.postmortems.cases import resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


@pytest.fixture
def factor():
    return Factor.objects.get(key="configuration")


def shared(factor, service, count, *, ago=timedelta(days=5), **fields):
    """So many incidents at this service, each with a post-mortem that names this factor."""
    made = []
    for _ in range(count):
        incident = resolved(title="Timeouts", services=[service], ago=ago, **fields)
        postmortem = services.open_postmortem(incidents=[incident])
        services.add_factor(postmortem=postmortem, factor=factor, kind="contributing", by=None)
        made.append(incident)
    return made


def keys(person=None):
    return [(one.factor.key, one.service.slug, len(one.incidents)) for one in suggestions(person or PersonFactory())]


def test_three_that_share_both_are_asked_about(checkout, factor):
    shared(factor, checkout, 2)
    assert keys() == []
    shared(factor, checkout, 1)
    [one] = suggestions(PersonFactory())
    assert one.sentence == f"These 3 incidents share {factor.name} and Checkout: open a problem?"
    assert len(one.postmortems) == 3


def test_other_services_other_factors_what_is_old_practice_or_limited_the_harm_does_not_count(checkout, factor):
    shared(factor, checkout, 2)
    shared(factor, ServiceFactory(), 1)
    shared(Factor.objects.get(key="security"), checkout, 1)
    shared(factor, checkout, 1, ago=timedelta(days=400))
    shared(factor, checkout, 1, practice=True)
    [incident] = [resolved(services=[checkout])]
    postmortem = services.open_postmortem(incidents=[incident])
    services.add_factor(postmortem=postmortem, factor=factor, kind="mitigating", by=None)
    assert keys() == []


def test_an_incident_with_two_services_counts_for_each_once(checkout, factor):
    other = ServiceFactory(slug="search")
    for incident in shared(factor, checkout, 3):
        incident.services.add(other)
    assert sorted(keys()) == [("configuration", "checkout", 3), ("configuration", "search", 3)]


def test_a_problem_that_covers_it_ends_it_until_that_is_resolved(checkout, factor):
    shared(factor, checkout, 3)
    problem = services.open_problem(title="x", category=factor, services=[checkout], by=None)
    assert keys() == []
    services.transition_problem(problem=problem, to="resolved", outcome="cancelled", reason="none", by=None)
    assert keys() == [("configuration", "checkout", 3)]


def test_what_was_dismissed_is_asked_again_when_more_come(checkout, factor):
    shared(factor, checkout, 3)
    services.dismiss_suggestion(factor=factor, service=checkout, incidents=3, reason="Known already", by=None)
    assert keys() == []
    shared(factor, checkout, 1)
    assert keys() == [("configuration", "checkout", 4)]


def test_private_incidents_count_only_for_those_who_see_them(checkout, factor):
    hidden, *_ = shared(factor, checkout, 3)
    hidden.private = True
    hidden.save()
    insider = PersonFactory()
    insider.incidents.add(hidden)
    assert keys() == []
    assert keys(insider) == [("configuration", "checkout", 3)]


def test_on_the_page_it_opens_with_all_of_it_linked(checkout, factor, client):
    incidents = shared(factor, checkout, 3)
    client.force_login(PersonFactory())
    page = client.get("/problems/").text
    assert "open a problem?" in page and "/problems/new/?factor=configuration&amp;service=checkout" in page
    form = client.get("/problems/new/?factor=configuration&service=checkout").context["form"]
    given = {name: form[name].initial for name in ("title", "services", "incidents", "postmortems", "category")}
    assert client.post("/problems/new/", given | {"impact": 2, "urgency": 2, "origin": "reactive"}).status_code == 302
    problem = Problem.objects.get()
    assert problem.category == factor and set(problem.incidents.all()) == set(incidents)
    assert problem.postmortems.count() == 3
    assert "open a problem?" not in client.get("/problems/").text


def test_on_the_page_it_is_dismissed_with_a_reason(checkout, factor, client):
    shared(factor, checkout, 3)
    client.force_login(PersonFactory())
    here = {"factor": "configuration", "service": "checkout"}
    client.post("/problems/suggestions/dismiss/", here | {"reason": " "})
    assert "open a problem?" in client.get("/problems/").text
    client.post("/problems/suggestions/dismiss/", here | {"reason": "The vendor's"})
    assert "open a problem?" not in client.get("/problems/").text


def test_the_api_suggests_dismisses_and_opens(checkout, factor, api):
    shared(factor, checkout, 3)
    client = api(PersonFactory())
    [one] = client.get("/api/v1/problems/suggestions/").json()
    assert (one["category"], one["service"], len(one["incidents"])) == ("configuration", "checkout", 3)
    told = {name: one[name] for name in ("title", "category", "incidents", "postmortems")} | {
        "services": [one["service"]]
    }
    opened = client.post("/api/v1/problems/", told, format="json").json()
    assert opened["cost"]["incidents"] == 3 and opened["category"] == "configuration"
    assert client.get("/api/v1/problems/suggestions/").json() == []
    dismissed = client.post(
        "/api/v1/problems/suggestions/dismiss/",
        {"factor": "configuration", "service": "checkout", "reason": "x"},
        format="json",
    )
    assert dismissed.status_code == 201
    wrong = {"factor": "nothing", "service": "checkout", "reason": "x"}
    assert client.post("/api/v1/problems/suggestions/dismiss/", wrong, format="json").status_code == 400
