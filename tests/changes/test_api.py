"""The ledger as programs see it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from changes.models import Change
from tests.factories import ChangeFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return PersonFactory(name="Ana")


@pytest.fixture
def api(ana):
    client = APIClient()
    client.force_authenticate(ana)
    return client


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout")


def record(api, **fields):
    return api.post("/api/v1/changes/", {"service": "checkout"} | fields)


def listed(api, **query):
    answer = api.get("/api/v1/changes/", query)
    assert answer.status_code == 200, answer.content
    return [change["revision"] for change in answer.json()["results"]]


def test_a_change_is_recorded_with_what_was_left_unsaid(api, ana, checkout):
    answer = record(api, revision="4f2a1c", url="https://ci.example/7")
    assert answer.status_code == 201
    change = answer.json()
    assert (change["service"], change["kind"], change["state"], change["actor"]) == (
        "checkout",
        "deploy",
        "succeeded",
        "Ana",
    )
    (entry,) = change["entries"]
    assert (entry["state"], entry["data"]["recorded_by"]) == ("succeeded", ana.email)
    assert api.get(f"/api/v1/changes/{change['id']}/").json() == change


def test_steps_with_one_external_id_are_one_change(api, checkout):
    for state, at in (("started", "2026-06-01T09:00:00Z"), ("succeeded", "2026-06-01T09:04:00Z")):
        answer = record(api, external_id="release-7", state=state, at=at)
    assert len(answer.json()["entries"]) == 2
    assert Change.objects.get().finished_at.minute == 4


def test_an_idempotency_key_records_once(api, checkout):
    for _ in range(2):
        api.post("/api/v1/changes/", {"service": "checkout"}, headers={"Idempotency-Key": "k"})
    assert Change.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service", "basket"),
        ("kind", "wish"),
        ("state", "exploded"),
        ("url", "javascript:alert(1)"),
        ("at", "2100-01-01T00:00:00Z"),
        ("at", "soon"),
        ("at", "2026-01-01T09:00:00"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_changes_nothing(api, checkout, field, value):
    answer = record(api, **{field: value})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Change.objects.exists()


def test_a_viewer_may_read_but_not_record(checkout):
    client = APIClient()
    client.force_authenticate(PersonFactory(role="viewer"))
    assert record(client).status_code == 403
    assert client.get("/api/v1/changes/").status_code == 200


def test_it_takes_a_token():
    assert APIClient().get("/api/v1/changes/").status_code == 401


def test_the_list_narrows_by_service_environment_kind_and_state(api, checkout):
    ChangeFactory(service=checkout, revision="a", environment="production", kind="deploy", state="failed")
    ChangeFactory(service=checkout, revision="b", environment="staging", kind="config")
    ChangeFactory(revision="c", environment="staging")
    assert sorted(listed(api, service="checkout")) == ["a", "b"]
    assert sorted(listed(api, environment="staging")) == ["b", "c"]
    assert listed(api, kind="config") == ["b"]
    assert listed(api, state="failed") == ["a"]
    assert listed(api, service="basket") == []


def test_the_list_narrows_by_time_and_counts_a_rollout_that_spans_the_start(api, checkout):
    now = timezone.now()
    ChangeFactory(revision="spans", started_at=now - timedelta(hours=3), finished_at=now - timedelta(hours=1))
    ChangeFactory(revision="earlier", started_at=now - timedelta(hours=3), finished_at=now - timedelta(hours=2.5))
    ChangeFactory(revision="later", started_at=now - timedelta(minutes=10))
    since, until = (now - timedelta(hours=2)).isoformat(), (now - timedelta(minutes=30)).isoformat()
    assert listed(api, since=since) == ["later", "spans"]
    assert listed(api, since=since, until=until) == ["spans"]
    assert api.get("/api/v1/changes/", {"since": "yesterday"}).status_code == 400


def test_a_plus_that_was_not_encoded_is_understood(api):
    assert api.get("/api/v1/changes/?since=2026-06-01T09:00:00+00:00").status_code == 200
