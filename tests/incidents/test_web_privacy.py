"""A private incident does not exist for those who take no part in it, on any page, fragment or button."""

import pytest
from django.urls import reverse

from incidents import urls
from incidents.models import Participant
from incidents.services import add_task, declare
from tests.factories import AdministratorFactory, PersonFactory, ServiceFactory
from tests.incidents.web import signed_in, text_of

pytestmark = pytest.mark.django_db
TITLE = "Credentials in a public log"
OTHERS = {"task": 1, "change": 1, "page": 1, "slug": "checkout"}


def private_incident(**fields):
    owner = PersonFactory()
    return declare(**({"title": TITLE, "private": True, "by": owner} | fields))[0], owner


def addresses(incident):
    for pattern in urls.urlpatterns:
        needed = pattern.pattern.converters
        if "number" in needed:
            given = {name: incident.number if name == "number" else OTHERS[name] for name in needed}
            yield reverse(f"incidents:{pattern.name}", kwargs=given)


def test_an_outsider_finds_nothing_at_any_address_of_the_room():
    incident, _ = private_incident()
    for person in (PersonFactory(), AdministratorFactory()):
        browser = signed_in(person)
        for url in addresses(incident):
            for answer in (browser.get(url), browser.post(url, {"text": "x", "to": "resolved", "title": "x"})):
                assert answer.status_code in (404, 405), url
                assert TITLE not in text_of(answer)
        assert browser.get(incident.get_absolute_url()).status_code == 404
    incident.refresh_from_db()
    assert incident.status == "investigating"


def test_those_who_take_part_see_it():
    incident, owner = private_incident()
    helper = PersonFactory()
    Participant.objects.create(incident=incident, person=helper, how="added")
    for person in (owner, helper):
        assert TITLE in text_of(signed_in(person).get(incident.get_absolute_url()))


def test_lists_and_home_do_not_give_it_away():
    service = ServiceFactory()
    _, owner = private_incident(services=[service], severity="sev1")
    outsider = PersonFactory()
    urls_of_lists = ("/", "/?part=burning", "/incidents/", f"/services/{service.slug}/incidents/")
    for url in urls_of_lists:
        assert TITLE not in text_of(signed_in(outsider).get(url))
        assert TITLE in text_of(signed_in(owner).get(url))


def test_tasks_of_what_one_may_no_longer_see_are_not_shown():
    incident, owner = private_incident()
    outsider = PersonFactory()
    add_task(incident=incident, title="Rotate the keys", assignee=outsider, by=owner)
    assert "Rotate the keys" in text_of(signed_in(outsider).get("/"))
    Participant.objects.filter(incident=incident, person=outsider).delete()
    assert "Rotate the keys" not in text_of(signed_in(outsider).get("/"))


def test_nobody_merges_into_what_they_may_not_see():
    hidden, _ = private_incident()
    ana = PersonFactory()
    mine, _ = declare(title="Mine", by=ana)
    answer = signed_in(ana).post(f"/incidents/{mine.number}/merge/", {"into": hidden.number})
    assert answer.status_code == 422
    assert f"There is no incident {hidden.number}" in text_of(answer)


def test_the_link_to_a_private_incident_is_not_shown_where_one_was_merged_into_it():
    hidden, owner = private_incident()
    mine, _ = declare(title="Mine", by=owner)
    signed_in(owner).post(f"/incidents/{mine.number}/merge/", {"into": hidden.number})
    shown = text_of(signed_in().get(f"/incidents/{mine.number}/"))
    assert f'href="/incidents/{hidden.number}/"' not in shown
    assert TITLE not in shown


def test_adding_somebody_lets_them_in():
    incident, owner = private_incident()
    helper = PersonFactory()
    signed_in(owner).post(f"{incident.get_absolute_url()}people/", {"person": helper.email})
    assert signed_in(helper).get(incident.get_absolute_url()).status_code == 200
