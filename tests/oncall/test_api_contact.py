"""Programs add, verify and test contact methods, set rules and quiet hours: for themselves, or as administrators."""

import re

import pytest

from notifications.deliveries import send_due
from notifications.models import ContactMethod, Delivery
from tests.factories import ContactMethodFactory, PersonFactory
from tests.oncall.personas import api
from tests.receiver import receiving

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.com/ana"
ME = "/api/v1/people/me"


def responder():
    """A program of somebody who is reached at the address they sign in with."""
    client = api("responder")
    client.email = ContactMethodFactory(person=client.person)
    return client


def add(client, address=HOOK, kind="webhook", whose="me", **fields):
    given = {"kind": kind, "address": address} | fields
    return client.post(f"/api/v1/people/{whose}/contact-methods/", given, format="json")


def path(method, what=""):
    return f"{ME}/contact-methods/{method['id']}/{what}"


def put(client, what, given, whose="me"):
    return client.put(f"/api/v1/people/{whose}/{what}/", given, format="json")


def test_one_adds_a_method_enters_its_code_and_is_paged_there():
    client = responder()
    with receiving() as receiver:
        made = add(client, receiver.url, label="my bot")
        assert made.status_code == 201
        method = made.json()
        assert (method["verified_at"], method["label"], method["position"]) == (None, "my bot", 1)
        send_due("default")
    [told] = receiver.received
    wrong = f"{(int(told['code']) + 1) % 10**6:06}"
    refused = client.post(path(method, "verify/"), {"code": wrong}, format="json")
    assert refused.status_code == 400
    assert "4 tries are left" in refused.json()["errors"]["code"][0]
    verified = client.post(path(method, "verify/"), {"code": told["code"]}, format="json")
    assert verified.status_code == 200
    assert verified.json()["verified_at"].endswith("Z")


def test_a_key_of_idempotency_does_not_take_a_wrong_try_back():
    client = responder()
    method = add(client).json()
    code = re.match(r"\d{6}", Delivery.objects.get().message["subject"])[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for number in range(6):
        client.post(path(method, "verify/"), {"code": wrong}, format="json", headers={"Idempotency-Key": str(number)})
    assert "too often" in client.post(path(method, "verify/"), {"code": code}, format="json").json()["detail"]


def test_the_same_key_adds_once():
    client = responder()
    answers = [
        client.post(
            f"{ME}/contact-methods/",
            {"kind": "webhook", "address": HOOK},
            format="json",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert ContactMethod.objects.filter(kind="webhook").count() == 1


def test_what_an_administrator_adds_is_used_at_once():
    ana = PersonFactory()
    made = add(api(), "ntfys://ntfy.example.com/pages", "apprise", ana.pk)
    assert made.status_code == 201
    assert made.json()["verified_at"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("address", ["json://localhost:9/hook", HOOK])
def test_people_made_with_contact_methods_by_an_administrator_can_be_paged_at_once(address):
    kind = "webhook" if address == HOOK else "apprise"
    given = {"email": "ana@example.com", "name": "Ana", "contact_methods": [{"kind": kind, "address": address}]}
    assert api().post("/api/v1/people/", given, format="json").status_code == 201
    assert ContactMethod.objects.get().verified_at


def test_what_others_patch_into_their_own_list_waits_for_its_code():
    client = responder()
    methods = [{"kind": "email", "address": client.person.email}, {"kind": "webhook", "address": HOOK}]
    assert client.patch(f"{ME}/", {"contact_methods": methods}, format="json").status_code == 200
    listed = client.get(f"{ME}/contact-methods/").json()["results"]
    assert [bool(one["verified_at"]) for one in listed] == [True, False]
    assert Delivery.objects.get().address == HOOK


def test_a_new_code_is_sent_on_demand_but_not_twice_a_minute():
    client = responder()
    again = client.post(path(add(client).json(), "code/"))
    assert again.status_code == 409
    assert again.json()["retry_after"] > 50


def test_a_test_tells_what_came_of_it():
    client = responder()
    with receiving() as receiver:
        receiver.answers = [(401, {})]
        method = add(api(), receiver.url, whose=client.person.pk).json()
        assert client.get(path(method, "test/")).status_code == 404
        sent = client.post(path(method, "test/"))
        assert (sent.status_code, sent.json()["state"]) == (202, "waiting")
        send_due("pages")
    outcome = client.get(path(method, "test/")).json()
    assert (outcome["state"], outcome["error"]) == ("failed", "127.0.0.1 answered 401")
    [email, hook] = client.get(f"{ME}/contact-methods/").json()["results"]
    assert hook["refusal"] == "127.0.0.1 answered 401"
    assert email["refused_at"] is None


def test_credentials_are_masked_and_come_back_as_they_were():
    client = responder()
    url = "gotifys://gotify.example.com/topsecret-token"
    made = add(api(), url, "apprise", client.person.pk)
    answers = [made, client.get(f"{ME}/contact-methods/"), client.get(f"{ME}/")]
    assert not [answer for answer in answers if "topsecret" in answer.content.decode()]
    methods = client.get(f"{ME}/").json()["contact_methods"]
    assert client.patch(f"{ME}/", {"contact_methods": methods}, format="json").status_code == 200
    assert ContactMethod.objects.get(kind="apprise").address == url
    refused = add(client, "pover://topsecret", "apprise")
    assert refused.status_code == 400
    assert "topsecret" not in refused.content.decode()


def test_a_method_is_labelled_moved_readdressed_and_removed():
    client = responder()
    method = add(api(), whose=client.person.pk).json()
    moved = client.patch(path(method), {"label": "bot", "position": 0}, format="json").json()
    assert (moved["label"], moved["position"]) == ("bot", 0)
    changed = client.patch(path(method), {"address": f"{HOOK}/new"}, format="json").json()
    assert (changed["address"], changed["verified_at"]) == (f"{HOOK}/new", None)
    assert client.delete(path(method)).status_code == 204
    last = client.delete(path({"id": client.email.pk}))
    assert last.status_code == 409
    assert "only way" in last.json()["detail"]


def test_a_change_that_is_half_wrong_changes_nothing():
    client = responder()
    refused = client.patch(path({"id": client.email.pk}), {"label": "new", "position": 7}, format="json")
    assert refused.status_code == 400
    client.email.refresh_from_db()
    assert client.email.label == ""


def test_rules_are_put_by_urgency_and_doubtful_ones_are_warned_of():
    client = responder()
    hook = add(api(), whose=client.person.pk).json()["id"]
    rules = [{"method": hook, "delay": 5}, {"method": client.email.pk, "delay": "PT10M"}]
    answer = put(client, "contact-rules", {"high": rules}).json()
    assert answer["high"] == [{"method": hook, "delay": 5}, {"method": client.email.pk, "delay": 10}]
    assert answer["low"] == []
    assert "first 5 min" in answer["warnings"][0]
    put(client, "contact-rules", {"low": rules[:1]})
    stands = client.get(f"{ME}/contact-rules/").json()
    assert (len(stands["high"]), len(stands["low"])) == (2, 1)


def test_rules_that_are_partly_wrong_change_nothing_and_name_what_is_wrong():
    client = responder()
    other, unverified = ContactMethodFactory().pk, add(client).json()["id"]
    put(client, "contact-rules", {"high": [{"method": client.email.pk, "delay": 0}]})
    wrong = [
        {"method": other, "delay": 0},
        {"method": unverified, "delay": 0},
        {"method": client.email.pk, "delay": -1},
    ]
    refused = put(client, "contact-rules", {"low": [], "high": wrong})
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"high[0].method", "high[1].method", "high[2].delay"}
    assert len(client.get(f"{ME}/contact-rules/").json()["high"]) == 1


def test_quiet_hours_are_set_read_and_cleared():
    client = responder()
    hours = {"start": "22:00", "end": "07:30"}
    assert put(client, "quiet-hours", hours).json() == hours | {"timezone": "UTC"}
    assert client.get(f"{ME}/quiet-hours/").json()["end"] == "07:30"
    assert client.delete(f"{ME}/quiet-hours/").status_code == 204
    assert client.get(f"{ME}/quiet-hours/").json()["start"] is None


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"start": "22:00", "end": None}, "end"),
        ({"start": "22:00", "end": "22:00"}, "end"),
        ({"start": "late", "end": "07:00"}, "start"),
        ({"start": "22:00"}, "end"),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(hours, field):
    refused = put(responder(), "quiet-hours", hours)
    assert refused.status_code == 400
    assert field in refused.json()["errors"]


@pytest.mark.parametrize("what", ["contact-methods", "contact-rules", "quiet-hours"])
def test_how_somebody_is_reached_is_theirs_and_administrators_to_know(what):
    ana = ContactMethodFactory().person
    assert api("responder").get(f"/api/v1/people/{ana.pk}/{what}/").status_code == 403
    assert api().get(f"/api/v1/people/{ana.email}/{what}/").status_code == 200


def test_a_method_of_somebody_else_is_not_found():
    client, other = responder(), ContactMethodFactory()
    for verb, what in (("patch", ""), ("delete", ""), ("post", "code/"), ("post", "test/"), ("post", "verify/")):
        assert getattr(client, verb)(path({"id": other.pk}, what), {"code": "1"}, format="json").status_code == 404
