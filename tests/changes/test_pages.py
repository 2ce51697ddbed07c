"""The pages of the ledger, as three people see them: an administrator, a responder, and a stranger."""

import pytest

from changes.models import PipelineRun
from tests.factories import ChangeFactory, PersonFactory

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


def test_pipelines_are_judged_by_their_latest_runs(responder):
    for number, status in enumerate(("success", "failed", "success")):
        PipelineRun.objects.create(external_id=str(number), pipeline="deliver", status=status)
    page = seen(responder, "/changes/pipelines/")
    assert "deliver" in page
    assert "1 of 3" in page
