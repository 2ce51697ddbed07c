"""Programs that call: any error is a problem document, and a slash too many or too few does no harm."""

import pytest
from rest_framework.test import APIClient

from tests.factories import AdministratorFactory

pytestmark = pytest.mark.django_db
MOST = 27 * 1024 * 1024


@pytest.fixture
def program():
    client = APIClient()
    client.force_authenticate(AdministratorFactory())
    return client


def problem(answer, status):
    """The document, after a look at its shape (RFC 9457)."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/nothing/", "/api/v1/incidents/abc/", "/api/v1/gate/nothing"])
def test_what_is_not_there_is_told_as_a_problem(program, path):
    assert path in problem(program.get(path), 404)["detail"]


@pytest.mark.parametrize("path", ["/hooks/github/x", "/e/x", "/slack/commands", "/api/v1/language/check"])
def test_a_method_that_is_not_taken_is_told_as_a_problem_that_names_those_that_are(program, path):
    answer = program.get(path)
    problem(answer, 405)
    assert "POST" in answer["Allow"]


def test_an_error_is_json_where_the_answer_would_be_yaml():
    problem(APIClient().get("/api/v1/schema/", headers={"Authorization": "Bearer unknown"}), 401)


def test_pages_for_people_are_left_alone(client):
    assert "text/html" in client.get("/nothing/")["Content-Type"]


@pytest.mark.parametrize("path", ["/services/", "/people/", "/incidents/", "/search/"])
def test_no_page_looks_for_what_cannot_be_stored(program, path):
    answer = program.get(f"{path}?q=%00&service=%00&team=%00")
    assert answer.status_code == 400
    assert "text/html" in answer["Content-Type"]


@pytest.mark.parametrize("path", ["incidents", "language/check", "language/check/", "oncall/preview", "pages"])
def test_a_post_reaches_its_address_with_and_without_a_slash(program, path):
    assert problem(program.post(f"/api/v1/{path}", {}), 400)["errors"]


def test_senders_may_end_their_address_with_a_slash(program):
    assert problem(program.post("/e/unknown/", {}), 401) == problem(program.post("/e/unknown", {}), 401)


@pytest.mark.parametrize("path", ["/e/%00", "/api/v1/people/%00/", "/api/v1/services/a%00b/", "/hooks/github/%00"])
def test_a_name_that_cannot_be_stored_is_nobodys(program, path):
    problem(program.post(path, {}), 404)


def test_a_query_that_cannot_be_stored_is_refused(program):
    assert problem(program.get("/api/v1/oncall/now?service=%00"), 400)["errors"]["service"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", "body"),
        (b"\xff", "body"),
        (b'{"title": NaN}', "body"),
        (b'{"title": 1' + b"0" * 5_000 + b"}", "body"),
        (b'{"title": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "body"),
        (b"[" * 100_000, "body"),
        (b'{"title": "a\\u0000b"}', "title"),
        (b'{"title": "a", "services": ["\\ud800"]}', "services"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_field_and_value(program, body, field):
    told = problem(program.post("/api/v1/incidents/", body, content_type="application/json"), 400)
    assert list(told["errors"]) == [field]


def test_a_body_that_is_too_large_is_413(program):
    problem(program.post("/api/v1/incidents/", b" " * (MOST + 1), content_type="application/json"), 413)


def test_what_is_no_json_is_415(program):
    problem(program.post("/api/v1/incidents/", b"a=1", content_type="application/x-www-form-urlencoded"), 415)


def test_a_refusal_names_the_value(program):
    body = {"title": "x", "started_at": "yesterday", "practice": "perhaps"}
    errors = problem(program.post("/api/v1/incidents/", body), 400)["errors"]
    assert "'yesterday'" in errors["started_at"][0]
    assert "'perhaps'" in errors["practice"][0]
    assert "'soon'" in problem(program.get("/api/v1/incidents/?since=soon"), 400)["errors"]["since"][0]


def test_a_value_deep_in_the_body_is_named_too(program):
    body = {"slug": "a", "name": "A", "panels": [{"name": "Up", "query": "up", "unit": {}}], "tier": "first"}
    errors = problem(program.post("/api/v1/services/", body), 400)["errors"]
    assert "'first'" in errors["tier"][0]
