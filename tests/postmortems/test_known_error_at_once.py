"""A new incident that is like a known error shows the way around it at once; one that only shares words does not."""

import pytest

from incidents.services import declare
from postmortems import services
from postmortems.finding.seen_before import certain_errors
from postmortems.models import Problem
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

KNOWN = [
    ("The night batch takes every connection", "Checkout returns 500s\nCarts do not load"),
    ("PostgreSQL refuses connections after a failover", "connection refused from postgres"),
    ("Search is slow while the index is rebuilt", "Search results take ten seconds"),
    ("Certificate of the mail gateway is not renewed", "x509: certificate has expired on mail-gw"),
    ("Redis evicts sessions when memory is full", "Users are logged out every few minutes"),
]
SAME = [
    ("Checkout is returning 500s", 0),
    ("checkout returns 500s after deploy", 0),
    ("chekout returns 500s", 0),
    ("Checkout returning 500s since 14:00", 0),
    ("Carts don't load", 0),
    ("postgre connection refused", 1),
    ("Postgres refuses connections", 1),
    ("Connection refused from postgres", 1),
    ("Search slow, index rebuild", 2),
    ("search results take 10 seconds", 2),
    ("Mail gateway certificate expired", 3),
    ("expired certificate on mail-gw", 3),
    ("Users logged out every few minutes", 4),
    ("Sessions evicted, redis memory full", 4),
]
OTHERS = [
    "Checkout is slow",
    "Search is down",
    "Payments returns 500s",
    "Connection to the partner refused by firewall",
    "Night shift cannot connect to the VPN",
    "Certificate of the shop expired",
    "Memory leak in the API",
    "Users cannot log in",
    "Orders are delayed after a failover",
    "Mail is delayed",
    "Something is broken in production",
    "Errors",
    "The batch of invoices is wrong",
    "?!",
]


@pytest.fixture
def known():
    found = []
    for title, symptoms in KNOWN:
        problem = services.open_problem(title=title, symptoms=symptoms, services=[ServiceFactory()], by=None)
        services.mark_known_error(problem=problem, cause_notes="known", workaround="Do this.\nThen that.", by=None)
        found.append(problem)
    return found


def certain(title, **fields):
    return certain_errors(IncidentFactory(title=title, **fields), Problem.objects.all())


def test_the_same_in_other_words_is_recognised(known):
    missed = [title for title, which in SAME if certain(title) != [known[which]]]
    assert missed == []


def test_what_only_shares_words_is_not(known):
    mistaken = [(title, found) for title in OTHERS if (found := certain(title))]
    assert mistaken == []


def test_where_other_services_are_named_it_has_to_be_all_but_the_same(known):
    elsewhere = ServiceFactory()
    alike, same = (
        IncidentFactory(title="checkout returns 500s after deploy"),
        IncidentFactory(title="Checkout returns 500s"),
    )
    for incident in (alike, same):
        incident.services.add(elsewhere)
    assert certain_errors(alike, Problem.objects.all()) in ([], [known[0]])
    assert certain_errors(same, Problem.objects.all()) == [known[0]]


def test_its_workaround_stands_on_the_timeline_and_at_the_head_of_the_room(known, client, settle):
    person = PersonFactory()
    incident, _ = declare(title="Checkout is returning 500s", by=person)
    settle()
    [entry] = incident.timeline.filter(kind="link")
    assert entry.text == f"Known error {known[0]}: Do this."
    client.force_login(person)
    banner = client.get(f"/incidents/{incident.number}/known-now/").text
    assert f"P{known[0].number} The night batch" in banner and "Do this." in banner
    assert f"/incidents/{incident.number}/known-now/" in client.get(f"/incidents/{incident.number}/").text


def test_an_incident_that_is_over_has_no_banner(known, client):
    client.force_login(PersonFactory())
    over = IncidentFactory(title="Checkout is returning 500s", status="closed")
    assert client.get(f"/incidents/{over.number}/known-now/").text.strip() == ""


def test_what_has_something_private_behind_it_is_told_to_nobody_else(settle):
    problem = services.open_problem(title="Checkout returns 500s", incidents=[IncidentFactory(private=True)], by=None)
    services.mark_known_error(problem=problem, cause_notes="known", workaround="Secret.", by=None)
    incident, _ = declare(title="Checkout returns 500s", by=PersonFactory())
    settle()
    assert not incident.timeline.filter(kind="link").exists()


def test_the_api_finds_it_by_words_before_anything_is_declared(known, api):
    found = api(PersonFactory()).get("/api/v1/seen-before/", {"q": "chekout 500s"}).json()
    [error] = [one for one in found["known_errors"] if one["number"] == known[0].number]
    assert error["workaround"] == "Do this.\nThen that."
    assert "<mark>Checkout</mark> returns <mark>500s</mark>" in error["excerpt"]
    assert api(PersonFactory()).get("/api/v1/seen-before/").status_code == 400


def test_known_errors_of_the_service_that_it_is_not_like_are_told_only_where_it_is_like_none():
    service = ServiceFactory()
    unlike = [
        services.mark_known_error(
            problem=services.open_problem(title=title, services=[service], by=None),
            cause_notes="known",
            workaround="Do this.",
            by=None,
        )
        for title in ("Prices of yesterday are shown", "Images load slowly", "Mails go out twice", "Orders vanish")
    ]
    alike = IncidentFactory(title="Mails go out twice again")
    other = IncidentFactory(title="The certificate has expired")
    for incident in (alike, other):
        incident.services.add(service)
    assert certain_errors(alike, Problem.objects.all()) == [unlike[2]]
    assert len(certain_errors(other, Problem.objects.all())) == 2
