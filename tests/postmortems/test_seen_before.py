"""What was met before that resembles an incident, the most useful first."""

from datetime import timedelta

import pytest

from postmortems import services
from postmortems.finding.seen_before import find, for_incident
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import resolved

pytestmark = pytest.mark.django_db


def rows(hits):
    return [hit.row for hit in hits]


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def incident(service):
    incident = IncidentFactory(title="Checkout queue stands still")
    incident.services.add(service)
    return incident


def test_nothing_is_known_of_what_is_new(incident):
    assert not for_incident(incident, PersonFactory())


def test_known_errors_of_its_services_come_with_the_most_pressing_first(incident, service):
    minor = services.open_problem(title="minor", by=None, services=[service], impact=3)
    major = services.open_problem(title="major", by=None, services=[service], impact=1)
    elsewhere = services.open_problem(title="elsewhere", by=None, services=[ServiceFactory()])
    services.open_problem(title="only suspected", by=None, services=[service])
    for problem in (minor, major, elsewhere):
        services.mark_known_error(problem=problem, by=None, cause_notes="known")
    assert rows(for_incident(incident, PersonFactory()).known_errors) == [major, minor]


def test_past_incidents_of_its_services_come_with_the_most_alike_in_words_first(incident, service):
    unlike = resolved(title="Disk full", services=[service])
    alike = resolved(title="Queue stands still again", services=[service], ago=timedelta(days=300))
    elsewhere = resolved(title="Checkout queue stands still", services=[ServiceFactory()])
    resolved(title="Checkout queue stands still", services=[service], practice=True)
    going_on = IncidentFactory(title="Checkout queue stands still")
    going_on.services.add(service)
    assert rows(for_incident(incident, PersonFactory()).incidents) == [alike, elsewhere, unlike]


def test_without_services_only_words_count():
    incident = IncidentFactory(title="Certificate expired")
    alike = resolved(title="An expired certificate on the gateway")
    resolved(title="Disk full")
    assert rows(for_incident(incident, PersonFactory()).incidents) == [alike]
    assert rows(for_incident(IncidentFactory(title="?!"), PersonFactory()).incidents) == []


def test_articles_of_its_services_come_with_the_validated_first(incident, service):
    def write(confidence, **fields):
        article = services.write_article(title=confidence, issue="x", by=None, services=[service], **fields)
        return services.set_confidence(article=article, confidence=confidence, by=None)

    draft, validated = write("draft"), write("validated", kind="runbook")
    write("archived")
    write("validated", kind="requirement")
    assert rows(for_incident(incident, PersonFactory()).articles) == [validated, draft]


def test_words_alone_find_what_is_open_first_and_then_the_most_alike():
    alike = resolved(title="Certificate of the gateway expired")
    less = resolved(title="Gateway slow")
    going_on = IncidentFactory(title="Gateway answers 502")
    resolved(title="Gateway expired", practice=True)
    resolved(title="Disk full")
    assert rows(find("gateway certificate", PersonFactory()).incidents) == [going_on, alike, less]


def test_words_alone_find_known_errors_and_articles():
    suspected = services.open_problem(title="Batch run holds connections", by=None)
    known = services.open_problem(title="Night batch times out", by=None)
    services.mark_known_error(problem=known, by=None, cause_notes="The run takes every connection.")
    article = services.write_article(title="Pause the batch run", issue="Payments fail", by=None)
    found = find("batch of tonight", PersonFactory())
    assert rows(found.known_errors) == [known]
    assert suspected not in rows(found.known_errors)
    assert rows(found.articles) == [article]


def test_words_alone_tell_nobody_of_a_private_incident():
    secret = resolved(title="Keys leaked", private=True)
    insider = PersonFactory()
    insider.incidents.add(secret)
    assert not find("keys", PersonFactory())
    assert rows(find("keys", insider).incidents) == [secret]


@pytest.mark.parametrize("title", ["", "?!", "a OR -b", "' | & ! :*", "x\x00yz"])
def test_any_words_may_be_typed(title):
    assert not find(title, PersonFactory())
