"""Who sees which page of this room; and a longer list takes no more queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oncall import paging
from oncall.models import Schedule
from tests.factories import IntegrationFactory, staffed_service
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

EVERYBODY = [
    ("schedules", []),
    ("schedule", ["shop"]),
    ("services", []),
    ("service", ["checkout"]),
    ("pages", []),
    ("people", []),
    ("teams", []),
    ("team", ["shop-dev"]),
    ("tokens", []),
]
RESPONDERS = [
    ("schedule-new", []),
    ("schedule-edit", ["shop"]),
    ("override", ["shop"]),
    ("service-new", []),
    ("service-edit", ["checkout"]),
    ("page-new", []),
]
ADMINISTRATORS = [
    ("person-new", []),
    ("team-new", []),
    ("team-edit", ["shop-dev"]),
    ("integrations", []),
    ("integration-new", []),
    ("integration", [None]),
]


@pytest.fixture
def world():
    service = staffed_service(slug="checkout")
    Schedule.objects.filter(pk=service.schedule_id).update(slug="shop")
    service.dev_team.slug = "shop-dev"
    service.dev_team.save()
    paging.page(subject="Checkout is down", service=service)
    return IntegrationFactory(source="event")


def address(name, arguments, integration):
    return reverse(f"oncall:{name}", args=[integration.pk if argument is None else argument for argument in arguments])


@pytest.mark.parametrize("role", ["viewer", "responder", "administrator"])
def test_everybody_finds_the_pages_their_role_opens(world, role):
    client = browser(role)
    opened = {"viewer": EVERYBODY, "responder": EVERYBODY + RESPONDERS}.get(
        role, EVERYBODY + RESPONDERS + ADMINISTRATORS
    )
    for name, arguments in EVERYBODY + RESPONDERS + ADMINISTRATORS:
        expected = 200 if (name, arguments) in opened else 403
        assert client.get(address(name, arguments, world)).status_code == expected, name


def test_without_signing_in_every_page_leads_to_the_sign_in(world):
    client = browser("anonymous")
    for name, arguments in EVERYBODY + RESPONDERS + ADMINISTRATORS:
        response = client.get(address(name, arguments, world))
        assert response.status_code == 302, name
        assert response.url.startswith("/accounts/login/"), name


def test_settings_lead_to_the_first_tab_one_may_use():
    assert browser("administrator").get("/settings/").url == "/settings/integrations/"
    assert browser("viewer").get("/settings/").url == "/settings/tokens/"


@pytest.mark.parametrize("path", ["/schedules/", "/services/", "/pages/?show=all", "/people/", "/teams/"])
def test_a_longer_list_takes_no_more_queries(path):
    client = browser()

    def queries():
        paging.page(subject="Something is wrong", service=staffed_service())
        client.get(path)  # what is loaded once, such as the session, is loaded
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(3):
        many = queries()
    assert many == few
