"""What was met before that resembles an incident, the most useful first."""

from datetime import timedelta

import pytest

from postmortems import services
from postmortems.seen_before import seen_before
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def incident(service):
    incident = IncidentFactory(title="Checkout queue stands still")
    incident.services.add(service)
    return incident


def test_nothing_is_known_of_what_is_new(incident):
    assert not seen_before(incident, PersonFactory())


def test_known_errors_of_its_services_come_with_the_most_pressing_first(incident, service):
    minor = services.open_problem(title="minor", by=None, services=[service], impact=3)
    major = services.open_problem(title="major", by=None, services=[service], impact=1)
    elsewhere = services.open_problem(title="elsewhere", by=None, services=[ServiceFactory()])
    services.open_problem(title="only suspected", by=None, services=[service])
    for problem in (minor, major, elsewhere):
        services.mark_known_error(problem=problem, by=None, cause_notes="known")
    assert seen_before(incident, PersonFactory()).known_errors == [major, minor]


def test_past_incidents_of_its_services_come_with_the_most_alike_in_words_first(incident, service):
    unlike = resolved(title="Disk full", services=[service])
    alike = resolved(title="Queue stands still again", services=[service], ago=timedelta(days=300))
    resolved(title="Checkout queue stands still", services=[ServiceFactory()])
    resolved(title="Checkout queue stands still", services=[service], practice=True)
    going_on = IncidentFactory(title="Checkout queue stands still")
    going_on.services.add(service)
    assert seen_before(incident, PersonFactory()).incidents == [alike, unlike]


def test_without_services_only_words_count():
    incident = IncidentFactory(title="Certificate expired")
    alike = resolved(title="An expired certificate on the gateway")
    resolved(title="Disk full")
    assert seen_before(incident, PersonFactory()).incidents == [alike]
    assert seen_before(IncidentFactory(title="?!"), PersonFactory()).incidents == []


def test_articles_of_its_services_come_with_the_validated_first(incident, service):
    def write(confidence, **fields):
        article = services.write_article(title=confidence, issue="x", by=None, services=[service], **fields)
        return services.set_confidence(article=article, confidence=confidence, by=None)

    draft, validated = write("draft"), write("validated", kind="runbook")
    write("archived")
    write("validated", kind="requirement")
    assert seen_before(incident, PersonFactory()).articles == [validated, draft]
