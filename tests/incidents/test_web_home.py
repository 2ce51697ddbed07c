"""Home answers three questions: what is burning, who is on call now, what waits for me. The list finds the rest."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incidents.services import add_task, assign_role, declare, transition
from oncall.models import Page
from tests.factories import IncidentFactory, IntegrationFactory, PersonFactory, ServiceFactory, staffed_service
from tests.incidents.web import signed_in, text_of

pytestmark = pytest.mark.django_db


def test_an_empty_home_says_what_to_do():
    shown = text_of(signed_in().get("/"))
    assert "Nothing is burning" in shown
    assert "No service has a schedule yet" in shown
    assert "No pages, roles or tasks are yours" in shown


def test_what_burns_stands_first_with_who_leads():
    ana = PersonFactory(name="Ana de Souza")
    declare(title="Search is slow", by=ana)
    grave, _ = declare(title="Checkout is down", severity="sev1", by=ana)
    assign_role(incident=grave, role="commander", person=ana, by=ana)
    over, _ = declare(title="Printer prints twice", by=ana)
    transition(incident=over, to="resolved", by=ana)
    shown = text_of(signed_in().get("/"))
    assert shown.index("Checkout is down") < shown.index("Search is slow") < shown.index("Printer prints twice")
    assert "Ana de Souza" in shown


def test_who_is_on_call_now_by_side():
    staffed_service(name="Checkout")
    shown = text_of(signed_in().get("/"))
    assert "Dev Person" in shown
    assert "Ops Person" in shown


def test_my_page_is_acknowledged_with_one_tap():
    incident, _ = declare(title="Down", severity="sev1", services=[staffed_service(stage="shared")])
    page = Page.objects.get(about=incident.subject)
    dev = page.log.filter(kind="notified", seat="dev").get().person
    browser = signed_in(dev)
    assert "Acknowledge" in text_of(browser.get("/"))
    browser.post(f"/home/pages/{page.pk}/acknowledge/")
    assert page.escalations.get(seat="dev").acknowledged_by == dev
    assert "Acknowledge" not in text_of(browser.get("/"))


def test_nobody_elses_page_waits_for_me():
    declare(title="Down", severity="sev1", services=[staffed_service(stage="shared")])
    assert "Acknowledge" not in text_of(signed_in().get("/"))


def test_a_viewer_does_not_answer_pages_of_others():
    incident, _ = declare(title="Down", severity="sev1", services=[staffed_service()])
    page = Page.objects.get(about=incident.subject)
    assert signed_in(role="viewer").post(f"/home/pages/{page.pk}/acknowledge/").status_code == 403
    assert not page.escalations.filter(acknowledged_at__isnull=False).exists()


def test_my_roles_and_tasks_wait_for_me():
    ana = PersonFactory()
    incident, _ = declare(title="Down", by=PersonFactory())
    assign_role(incident=incident, role="scribe", person=ana, by=ana)
    add_task(incident=incident, title="Roll back", assignee=ana, by=ana)
    shown = text_of(signed_in(ana).get("/"))
    assert f"Scribe of #{incident.number}" in shown
    assert "Roll back" in shown


def count(browser, url):
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("url", ["/", "/incidents/"])
def test_more_incidents_and_services_take_no_more_queries(url):
    browser = signed_in()
    declare(title="One", services=[staffed_service()], by=PersonFactory())
    few = count(browser, url)
    for n in range(5):
        incident, _ = declare(title=f"Incident {n}", services=[staffed_service()], by=PersonFactory())
        assign_role(incident=incident, role="commander", person=PersonFactory(), by=None)
    assert count(browser, url) == few


def test_the_list_narrows():
    service = ServiceFactory(slug="checkout")
    wanted, _ = declare(title="Checkout is down", severity="sev1", services=[service])
    IncidentFactory(title="Long ago", started_at=timezone.now() - timedelta(days=400), status="closed")
    other, _ = declare(title="Search is slow")
    browser = signed_in()
    for query in ("severity=sev1", "service=checkout", "q=checkout", f"q=%23{wanted.number}"):
        shown = text_of(browser.get(f"/incidents/?{query}"))
        assert "Checkout is down" in shown, query
        assert other.title not in shown, query
    assert "Long ago" not in text_of(browser.get("/incidents/?status=open"))
    day = timezone.now().date() - timedelta(days=30)
    assert "Long ago" not in text_of(browser.get(f"/incidents/?since={day}"))
    assert "Long ago" in text_of(browser.get(f"/incidents/?until={day}"))
    assert "No incident fits" in text_of(browser.get("/incidents/?q=nothing-like-it"))


def test_a_filter_that_cannot_be_read_says_so_and_narrows_nothing():
    declare(title="Checkout is down")
    shown = text_of(signed_in().get("/incidents/?since=soon&status=odd&page=999"))
    assert "Checkout is down" in shown
    assert "Enter a valid date" in shown


def test_a_service_shows_its_incidents():
    service = ServiceFactory()
    declare(title="Checkout is down", services=[service])
    declare(title="Search is slow")
    shown = text_of(signed_in().get(f"/services/{service.slug}/incidents/"))
    assert "Checkout is down" in shown
    assert "Search is slow" not in shown


def test_pages_are_for_those_who_signed_in(client):
    for url in ("/", "/incidents/", "/incidents/declare/", "/incidents/1/"):
        assert client.get(url).status_code == 302


def test_an_administrator_is_led_through_the_first_steps_until_somebody_answers_and_something_sends():
    ana = PersonFactory(role="administrator")
    shown = text_of(signed_in(ana).get("/"))
    assert "First steps" in shown
    assert 'href="/people/new/"' in shown
    staffed_service()
    assert "First steps" in text_of(signed_in(ana).get("/"))
    assert "First steps" not in text_of(signed_in(PersonFactory()).get("/"))
    IntegrationFactory()
    assert "First steps" not in text_of(signed_in(ana).get("/"))
