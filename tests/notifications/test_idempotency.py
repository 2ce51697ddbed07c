"""The same POST with the same key has one effect and one answer."""

import pytest
from django.urls import path
from rest_framework.response import Response
from rest_framework.test import APIClient

from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.idempotency import Idempotent
from notifications.models import IdempotentAnswer
from notifications.numbers import next_number
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Things(Idempotent):
    def post(self, request):
        number = next_number("things")
        if wrong := request.data.get("wrong"):
            raise {
                "input": InvalidInput(title="It is 'x'."),
                "state": Conflict("No.", allowed=["b"]),
                "who": Forbidden("No."),
            }[wrong]
        return Response({"number": number}, status=201)


urlpatterns = [path("things/", Things.as_view())]


@pytest.fixture
def api():
    client = APIClient()
    client.force_authenticate(PersonFactory())
    return client


def post(api, body, key):
    return api.post("/things/", body, headers={"Idempotency-Key": key})


def test_the_same_request_again_gets_the_same_answer(api):
    first, second = post(api, {"a": 1}, "k"), post(api, {"a": 1}, "k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json() == {"number": 1}
    assert second["Idempotent-Replayed"] == "true"


def test_another_request_with_the_same_key_is_refused(api):
    post(api, {"a": 1}, "k")
    answer = post(api, {"a": 2}, "k")
    assert answer.status_code == 409
    assert "'k'" in answer.json()["detail"]


def test_keys_belong_to_a_person(api):
    post(api, {"a": 1}, "k")
    api.force_authenticate(PersonFactory())
    assert post(api, {"a": 1}, "k").json() == {"number": 2}


@pytest.mark.parametrize(
    ("wrong", "status", "member"),
    [
        ("input", 400, ("errors", {"title": ["It is 'x'."]})),
        ("state", 409, ("allowed", ["b"])),
        ("who", 403, ("detail", "No.")),
    ],
)
def test_a_refusal_is_a_problem_document_keeps_nothing_and_may_be_tried_again(api, wrong, status, member):
    answer = post(api, {"wrong": wrong}, "k")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()[member[0]] == member[1]
    assert not IdempotentAnswer.objects.exists()
    assert post(api, {}, "k").json() == {"number": 1}


def test_a_key_of_unreasonable_length_is_refused(api):
    assert post(api, {}, "k" * 201).status_code == 400
