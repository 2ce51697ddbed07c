"""`integrations/` of the API: rules, secrets, tests, and what was sent."""

import pytest

from notifications.models import InboundMessage, Integration
from tests.factories import IntegrationFactory, ServiceFactory
from tests.oncall.personas import api

pytestmark = pytest.mark.django_db
PATH = "/api/v1/integrations/"
RULE = {"field": "repository", "pattern": "acme/*", "service": "checkout"}


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


@pytest.fixture
def integration():
    return IntegrationFactory(source="event", secret="s3cret")


def message(integration, key="k", **fields):
    given = {"source": "event", "integration": integration, "key": key, "body": b'{"type": "note", "text": "Hi"}'}
    return InboundMessage.objects.create(**given | fields)


def test_an_integration_is_made_with_its_rules_and_tells_its_secret_once(checkout):
    client = api()
    made = client.post(PATH, {"source": "github", "name": "Shop", "rules": [RULE]}).json()
    assert made["secret"]
    assert made["rules"] == [RULE]
    shown = client.get(f"{PATH}{made['id']}/").json()
    assert shown["rules"] == [RULE]
    assert "secret" not in shown


def test_rules_that_cannot_be_are_refused_by_place_and_part(checkout):
    rules = [RULE, {"field": "colour", "pattern": "x", "service": "ghost"}]
    answer = api().post(PATH, {"source": "github", "name": "Shop", "rules": rules})
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"rules[1].field", "rules[1].service"}
    assert not Integration.objects.exists()


def test_more_than_two_hundred_rules_are_too_many(checkout):
    answer = api().post(PATH, {"source": "github", "name": "Shop", "rules": [RULE] * 201})
    assert answer.json()["errors"]["rules"] == ["These are 201 rules; 200 at most. A pattern with * stands for many."]


def test_what_is_given_is_changed_and_the_rest_stays(checkout, integration):
    integration.mapping = {"web": "checkout"}
    integration.save()
    changed = api().patch(f"{PATH}{integration.pk}/", {"rules": [RULE], "name": "Deploys"}).json()
    assert (changed["name"], changed["mapping"], changed["rules"]) == ("Deploys", {"web": "checkout"}, [RULE])
    assert api().patch(f"{PATH}{integration.pk}/", {"service": "ghost"}).status_code == 400
    assert api().patch(f"{PATH}{integration.pk}/", {"rules": []}).json()["rules"] == []


def test_what_a_sender_would_say_is_answered_with_the_rule_that_decides(checkout, integration):
    integration.rules = [{"field": "label:team", "pattern": "pay*", "service": "checkout"}]
    integration.save()
    ask = f"{PATH}{integration.pk}/match/"
    answer = api().post(ask, {"name": "x", "labels": {"team": "payments"}}).json()
    assert answer == {"service": "checkout", "by": "rule", "rule": 1}
    assert api().post(ask, {"name": "Checkout"}).json() == {"service": "checkout", "by": "slug", "rule": None}
    assert api().post(ask, {"name": "ghost"}).json() == {"service": None, "by": "", "rule": None}


def test_a_secret_is_rotated_and_the_old_one_retired(integration):
    client, path = api(), f"{PATH}{integration.pk}/"
    made = client.post(f"{path}rotate/")
    assert made.status_code == 201
    assert made.json()["line_url"].endswith(made.json()["secret"])
    assert client.post(f"{path}rotate/").status_code == 409
    first, second = client.get(f"{path}secrets/").json()
    left = client.post(f"{path}secrets/{first['id']}/retire/").json()
    assert [one["id"] for one in left] == [second["id"]]
    assert client.post(f"{path}secrets/{second['id']}/retire/").status_code == 409


def test_it_is_disabled_and_enabled_again(integration):
    client, path = api(), f"{PATH}{integration.pk}/"
    assert client.post(f"{path}disable/").json()["disabled_at"]
    assert client.post(f"{path}enable/").json()["disabled_at"] is None
    assert client.delete(path).status_code == 204
    assert client.get(path).json()["disabled_at"]


def test_a_test_names_the_delivery_that_tells_what_came_of_it(integration):
    client, path = api(), f"{PATH}{integration.pk}/"
    answer = client.post(f"{path}test/")
    assert answer.status_code == 202
    delivery = client.get(f"{path}deliveries/{answer.json()['delivery']}/").json()
    assert delivery["state"] == "waiting"
    assert delivery["events"]


def test_deliveries_are_listed_narrowed_and_shown_without_secrets(integration):
    message(integration, "a", state="done", outcome="1 note")
    failed = message(integration, "b", state="failed", body=b'{"type": "note", "text": "s3cret", "token": "hush"}')
    message(IntegrationFactory(), "c", state="failed")
    client, path = api(), f"{PATH}{integration.pk}/deliveries/"
    assert [one["key"] for one in client.get(path).json()["results"]] == ["b", "a"]
    [listed] = client.get(f"{path}?state=failed").json()["results"]
    assert (listed["id"], listed["size"]) == (failed.pk, len(failed.body))
    one = client.get(f"{path}{failed.pk}/")
    assert "s3cret" not in one.text
    assert "hush" not in one.text
    assert one.json()["events"][0]["kind"] == "Note"


def test_what_failed_is_replayed_one_by_one_or_all_at_once(integration):
    one, two = (message(integration, key, state="failed") for key in "ab")
    client, path = api(), f"{PATH}{integration.pk}/deliveries/"
    assert client.post(f"{path}{one.pk}/replay/").json()["state"] == "waiting"
    assert client.post(f"{path}replay-failed/").json() == {"replayed": 1}
    two.refresh_from_db()
    assert two.state == "waiting"


@pytest.mark.parametrize("role", ["responder", "viewer"])
def test_what_senders_sent_is_for_administrators(role, integration):
    found = message(integration)
    path = f"{PATH}{integration.pk}/deliveries/"
    for address in (path, f"{path}{found.pk}/"):
        assert api(role).get(address).status_code == 403
    assert api(role).post(f"{path}{found.pk}/replay/").status_code == 403
    assert api(role).patch(f"{PATH}{integration.pk}/", {"name": "x"}).status_code == 403
    assert api(role).get(f"{PATH}{integration.pk}/").status_code == 200


def test_there_are_no_deliveries_of_an_integration_that_is_not_there():
    assert api().get(f"{PATH}77/deliveries/").status_code == 404
