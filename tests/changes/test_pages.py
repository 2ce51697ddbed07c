"""The pages of the ledger, as three people see them: an administrator, a responder, and a stranger."""

import pytest

from changes.models import Change, GateCheck, PipelineRun
from changes.seals import seal_due
from tests.factories import ChangeFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def responder(client):
    client.force_login(PersonFactory())
    return client


def seen(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/changes/", "/changes/1/", "/changes/pipelines/", "/services/x/changes/"])
def test_a_stranger_is_asked_to_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_an_empty_ledger_says_what_to_do_next(responder):
    assert "Connect GitHub" in seen(responder, "/changes/")


def test_the_list_shows_changes_and_narrows(responder):
    one = ChangeFactory(revision="4f2a1c9", environment="staging", actor="ana")
    ChangeFactory(revision="91be02d", state="failed")
    assert "4f2a1c9" in seen(responder, "/changes/")
    narrowed = seen(responder, "/changes/", service=one.service.slug, environment="staging", kind="deploy")
    assert "4f2a1c9" in narrowed
    assert "91be02d" not in narrowed
    assert "No change fits" in seen(responder, "/changes/", state="superseded")


def test_a_long_ledger_takes_no_more_queries(responder, django_assert_max_num_queries):
    ChangeFactory.create_batch(60)
    with django_assert_max_num_queries(12):
        assert "page=2" in seen(responder, "/changes/")


def test_a_change_shows_its_entries(responder):
    change = ChangeFactory(revision="4f2a1c9", url="https://ci.example/7", description="<b>Reuse</b> connections")
    page = seen(responder, f"/changes/{change.pk}/")
    assert "4f2a1c9" in page
    assert "https://ci.example/7" in page
    assert "&lt;b&gt;Reuse" in page


def test_a_service_shows_its_own_changes(responder):
    mine, other = ChangeFactory(revision="4f2a1c9"), ChangeFactory(revision="91be02d")
    fragment = seen(responder, f"/services/{mine.service.slug}/changes/")
    assert "4f2a1c9" in fragment
    assert other.revision not in fragment
    assert "<html" not in fragment


def test_the_ledger_says_how_far_it_is_sealed_and_is_exported_as_it_is_narrowed(responder):
    ChangeFactory.create_batch(2)
    seal_due()
    ChangeFactory(actor="ana")
    page = seen(responder, "/changes/", person="ana", kind="", page="1")
    assert "2 entries are sealed" in page
    assert "1 entry waits for its seal" in page
    assert "/api/v1/changes/export?format=csv&amp;person=ana" in page
    assert responder.get("/api/v1/changes/export", {"format": "csv", "person": "ana"}).status_code == 200


def test_emergencies_and_overrides_are_seen_in_the_list(responder):
    ChangeFactory(type="emergency", overridden=True)
    page = seen(responder, "/changes/")
    assert "emergency" in page
    assert "overridden" in page


def test_a_change_shows_its_seal_what_the_gate_said_and_the_runs_of_its_revision(responder):
    change = ChangeFactory(revision="4f2a1c9d0e", repository="Acme/shop")
    reasons = [{"rule": "template", "text": "It fits the template Documentation."}]
    GateCheck.objects.create(
        change=change, decision="allowed", rule="template", environment="production", reasons=reasons
    )
    for number, repository in enumerate(("acme/shop", "acme/other")):
        PipelineRun.objects.create(
            external_id=str(number),
            pipeline=f"deliver {repository}",
            repository=repository,
            revision=change.revision,
            status="success",
        )
    assert "waits" in seen(responder, f"/changes/{change.pk}/")
    seal_due()
    page = seen(responder, f"/changes/{change.pk}/")
    assert change.entries.get().seal.digest[:12] in page
    assert "It fits the template Documentation." in page
    assert "deliver acme/shop" in page
    assert "deliver acme/other" not in page


class TestRecordingByHand:
    GIVEN = {
        "service": "checkout",
        "kind": "config",
        "description": "Raised the pool to 40",
        "at": "2026-06-01T09:00",
        "why": "Bo of Ops agreed",
        "url": "https://wiki.example/pool",
        "emergency": "on",
    }

    def test_it_stands_in_the_ledger_in_this_persons_name(self, client):
        ServiceFactory(slug="checkout", environment="live")
        client.force_login(PersonFactory(name="Ana", email="ana@example.com", timezone="Europe/Berlin"))
        answer = client.post("/changes/new/", self.GIVEN)
        change = Change.objects.get()
        assert answer.headers["Location"] == f"/changes/{change.pk}/"
        assert (change.kind, change.type, change.actor, change.environment) == ("config", "emergency", "Ana", "live")
        entry = change.entries.get()
        assert (entry.why, entry.data["recorded_by"]) == ("Bo of Ops agreed", "ana@example.com")
        assert entry.at.isoformat() == "2026-06-01T07:00:00+00:00"

    def test_the_form_begins_with_the_service_one_comes_from(self, responder):
        ServiceFactory(slug="checkout")
        assert '<option value="checkout" selected>' in seen(responder, "/changes/new/", service="checkout")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("service", "nowhere"),
            ("kind", "wish"),
            ("at", "2100-01-01T00:00"),
            ("url", "javascript:alert(1)"),
            ("at", ""),
        ],
    )
    def test_what_cannot_be_used_is_said_and_changes_nothing(self, responder, field, value):
        ServiceFactory(slug="checkout")
        answer = responder.post("/changes/new/", self.GIVEN | {field: value})
        assert answer.status_code == 422
        assert not Change.objects.exists()

    def test_viewers_record_nothing(self, client):
        client.force_login(PersonFactory(role="viewer"))
        assert client.get("/changes/new/").status_code == 403
        assert "Record a change" not in seen(client, "/changes/")
