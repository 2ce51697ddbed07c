"""The pages of the ledger, as three people see them: an administrator, a responder, and a stranger."""

import pytest

from changes.models import Change, PipelineRun
from notifications.models import Event
from tests.factories import AdministratorFactory, ChangeFactory, IntegrationFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db

UNMATCHED = "/settings/unmatched/changes/"


@pytest.fixture
def responder(client):
    client.force_login(PersonFactory())
    return client


@pytest.fixture
def administrator(client):
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def strange():
    return {"service": None, "service_hint": "basket", "integration": IntegrationFactory(name="Our pipeline")}


def seen(client, path, **query):
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/changes/", "/changes/1/", "/changes/pipelines/", "/services/x/changes/", UNMATCHED])
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


def test_pipelines_are_judged_by_their_latest_runs(responder):
    for number, status in enumerate(("success", "failed", "success")):
        PipelineRun.objects.create(external_id=str(number), pipeline="deliver", status=status)
    page = seen(responder, "/changes/pipelines/")
    assert "deliver" in page
    assert "1 of 3" in page


class TestUnmatched:
    def test_only_administrators_may_look(self, responder):
        assert responder.get(UNMATCHED).status_code == 403

    def test_names_wait_with_their_sender_and_count(self, administrator, strange):
        ChangeFactory.create_batch(3, **strange)
        page = seen(administrator, UNMATCHED)
        assert "basket" in page
        assert "Our pipeline" in page
        assert ">3<" in page

    def test_assigning_places_what_waits_and_teaches_the_sender(self, administrator, strange):
        waiting = ChangeFactory.create_batch(2, **strange)
        elsewhere = ChangeFactory(service=None, service_hint="basket")
        checkout = ServiceFactory(slug="checkout")
        form = {"integration": strange["integration"].pk, "name": "basket", "service": "checkout"}
        assert administrator.post(UNMATCHED, form).headers["Location"] == UNMATCHED
        assert set(Change.objects.filter(service=checkout)) == set(waiting)
        assert list(Change.objects.unmatched()) == [elsewhere]
        strange["integration"].refresh_from_db()
        assert strange["integration"].mapping == {"basket": "checkout"}
        assert Event.objects.filter(type="change.recorded").count() == 2

    def test_a_service_that_does_not_exist_is_refused(self, administrator, strange):
        ChangeFactory(**strange)
        form = {"integration": strange["integration"].pk, "name": "basket", "service": "nowhere"}
        answer = administrator.post(UNMATCHED, form)
        assert answer.status_code == 422
        assert "nowhere" in answer.content.decode()
        assert Change.objects.unmatched().count() == 1
