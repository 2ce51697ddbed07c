"""Who is at a post-mortem now: seen by those who may see it, told when it changes, forgotten when they go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import live
from postmortems import services
from postmortems.models import Presence
from tests.factories import PersonFactory
from tests.postmortems.cases import member, resolved

pytestmark = pytest.mark.django_db


@pytest.fixture
def postmortem():
    return services.open_postmortem(incidents=[resolved()])


@pytest.fixture
def told(monkeypatch):
    topics = []
    monkeypatch.setattr(live, "publish", lambda *names: topics.extend(names))
    return topics


def here(postmortem):
    return [(one.person, one.section) for one in services.present(postmortem)]


def test_others_are_told_who_comes_and_where_they_write_but_not_each_time_they_are_still_there(postmortem, told):
    ana = PersonFactory()
    for section in ("", "", "summary", "summary"):
        services.be_present(postmortem=postmortem, person=ana, section=section)
    assert here(postmortem) == [(ana, "summary")]
    assert told == [f"presence:{postmortem.number}"] * 2


def test_who_leaves_is_gone_at_once_and_who_is_not_heard_of_is_soon(postmortem, told):
    ana, bo = PersonFactory(), PersonFactory()
    for person in (ana, bo):
        services.be_present(postmortem=postmortem, person=person)
    services.leave(postmortem=postmortem, person=ana)
    services.leave(postmortem=postmortem, person=ana)
    assert here(postmortem) == [(bo, "")]
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=30))
    assert here(postmortem) == []
    told.clear()
    services.be_present(postmortem=postmortem, person=bo)
    assert told == [f"presence:{postmortem.number}"]  # back again


def test_an_open_page_learns_who_else_is_there_and_the_versions_of_the_sections(client, postmortem):
    ana, bo = PersonFactory(name="Ana de Souza"), member("dev")
    services.be_present(postmortem=postmortem, person=ana, section="summary")
    services.save_section(postmortem=postmortem, key="summary", body="One.", version=0, by=ana)
    client.force_login(bo)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        told = client.post(f"/postmortems/{postmortem.number}/presence/", {"section": "impact"}).json()
    assert told["versions"]["summary"] == 1 and told["versions"]["impact"] == 0
    assert "Ana de Souza" in told["present"]["summary"] and "AS" in told["present"][""]
    assert "impact" not in told["present"]  # one does not see oneself
    assert len(queries) <= 10
    assert (bo, "impact") in here(postmortem)
    assert client.post(f"/postmortems/{postmortem.number}/presence/", {"leave": "1"}).status_code == 204
    assert here(postmortem) == [(ana, "summary")]


def test_who_may_not_see_the_post_mortem_neither_is_there_nor_sees_who_is(client):
    postmortem = services.open_postmortem(incidents=[resolved(private=True)])
    client.force_login(member("dev"))
    for ask in (client.get, client.post):
        assert ask(f"/postmortems/{postmortem.number}/presence/").status_code == 404
    assert here(postmortem) == []


def test_other_editors_say_it_through_the_api(api, postmortem):
    bo = member("dev")
    client, url = api(bo), f"/api/v1/postmortems/{postmortem.number}/presence/"
    assert [one["section"] for one in client.post(url, {"section": "impact"}).json()] == ["impact"]
    assert client.get(url).json()[0]["person"]["email"] == bo.email
    assert client.post(url, {"section": "no section!"}).status_code == 400
    assert client.delete(url).status_code == 204
    assert client.get(url).json() == []


def test_a_place_that_cannot_be_kept_is_no_trouble(postmortem):
    assert services.be_present(postmortem=postmortem, person=member("dev"), section="\0" * 50).section == ""
