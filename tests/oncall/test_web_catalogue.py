"""Services, teams and people on the web."""

import pytest

from oncall.models import Person, Service, Team
from tests.factories import (
    ContactMethodFactory,
    PanelFactory,
    PersonFactory,
    ServiceFactory,
    TeamFactory,
    staffed_service,
)
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

SERVICE = {
    "name": "Checkout",
    "slug": "checkout",
    "stage": "shared",
    "tier": "1",
    "environment": "production",
    "repositories": "shop/checkout\nshop/till",
    "panels-TOTAL_FORMS": "2",
    "panels-INITIAL_FORMS": "0",
    "panels-0-name": "Errors",
    "panels-0-unit": "1/s",
    "panels-0-query": "rate(errors[5m])",
}


def test_a_service_is_made_with_its_panels():
    team, needed = TeamFactory(), ServiceFactory(slug="payments")
    made = browser("responder").post("/services/new/", SERVICE | {"dev_team": team.slug, "depends_on": [needed.slug]})
    assert made.url == "/services/checkout/"
    service = Service.objects.get(slug="checkout")
    assert (service.dev_team, list(service.depends_on.all())) == (team, [needed])
    assert service.repositories == ["shop/checkout", "shop/till"]
    assert [panel.name for panel in service.panels.all()] == ["Errors"]


def test_what_is_wrong_stands_at_its_field():
    refused = browser("responder").post("/services/new/", SERVICE | {"repositories": "not a repository"})
    assert refused.status_code == 422
    assert "is not a repository; write it as owner/name" in refused.text
    assert not Service.objects.exists()


def test_an_edit_keeps_what_was_not_touched():
    service = staffed_service(slug="checkout", repositories=["shop/checkout"])
    PanelFactory(service=service, name="Errors")
    client = browser("responder")
    form = client.get("/services/checkout/edit/").context
    fields = {name: form["form"][name].value() for name in form["form"].fields if form["form"][name].value()}
    fields |= {"name": "Till", "panels-TOTAL_FORMS": "1", "panels-INITIAL_FORMS": "1"}
    fields |= {f"panels-0-{name}": form["panels"][0][name].value() or "" for name in ("name", "unit", "query")}
    assert client.post("/services/checkout/edit/", fields).status_code == 302
    changed = Service.objects.get()
    assert changed.name == "Till"
    assert (changed.schedule, changed.dev_team, changed.repositories) == (
        service.schedule, service.dev_team, ["shop/checkout"],
    )  # fmt: skip
    assert changed.panels.count() == 1


def test_a_service_says_who_is_on_call_and_what_stands_around_it():
    service, user = staffed_service(slug="checkout"), ServiceFactory(name="Storefront")
    user.depends_on.add(service)
    page = browser("viewer").get("/services/checkout/").text
    assert "Dev Person" in page
    assert "Storefront" in page
    assert 'hx-trigger="load"' in page


def test_services_are_found_by_name_and_stage():
    ServiceFactory(name="Checkout", stage="dev-run")
    ServiceFactory(name="Search")
    client = browser("viewer")
    assert "Search" not in [row["service"].name for row in client.get("/services/?q=check").context["rows"]]
    assert [row["service"].name for row in client.get("/services/?stage=dev-run").context["rows"]] == ["Checkout"]


def test_a_team_is_made_and_refused_deletion_while_it_owns_a_service():
    client, ana = browser(), PersonFactory()
    client.post(
        "/teams/new/", {"name": "Shop", "slug": "shop", "discipline": "dev", "members": [ana.pk], "lead": ana.pk}
    )
    team = Team.objects.get()
    assert (team.lead, list(team.members.all())) == (ana, [ana])
    service = ServiceFactory(dev_team=team, name="Checkout")
    assert "Checkout" in client.post("/teams/shop/delete/", follow=True).text
    service.delete()
    client.post("/teams/shop/delete/")
    assert not Team.objects.exists()


def test_an_administrator_adds_a_person_who_is_reached_at_their_address():
    fields = {"name": "Ana", "email": "ana@example.com", "role": "viewer", "timezone": "UTC"}
    browser().post("/people/new/", fields)
    ana = Person.objects.get(email="ana@example.com")
    assert ana.role == "viewer"
    assert ana.contact_methods.get().address == "ana@example.com"


def test_everybody_changes_their_own_name_but_not_their_role():
    client = browser("viewer")
    path = f"/people/{client.person.pk}/edit/"
    client.post(path, {"name": "Zed", "timezone": "Asia/Tokyo", "role": "administrator"})
    client.person.refresh_from_db()
    assert (client.person.name, client.person.timezone, client.person.role) == ("Zed", "Asia/Tokyo", "viewer")
    assert client.get(f"/people/{PersonFactory().pk}/edit/").status_code == 403


def test_nobody_else_sees_or_changes_addresses():
    method = ContactMethodFactory(address="home@example.com")
    client = browser("responder")
    path = f"/people/{method.person.pk}/"
    assert "home@example.com" not in client.get(path).text
    refused = client.post(f"{path}methods/", {"kind": "slack", "address": "U1"}, follow=True)
    assert "Only they themselves" in refused.text
    assert method.person.contact_methods.count() == 1


def test_times_are_shown_in_the_viewers_zone():
    service = staffed_service()
    client = browser(person=PersonFactory(timezone="Asia/Kathmandu"))
    page = client.get(f"/schedules/{service.schedule.slug}/").text
    assert "+05:45" in page
