"""The ledger for auditors: whoever has the export and SHA-256 can check the chain."""

import csv
import hashlib
import io
import json

import pytest
from rest_framework.test import APIClient

from changes import ledger
from changes.seals import seal_due
from tests.changes.test_ledger import step
from tests.factories import ChangeFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db
EXPORT = "/api/v1/changes/export"


@pytest.fixture
def asked(api):
    def ask(**query):
        answer = api(PersonFactory(role="viewer")).get(EXPORT, query)
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content).decode()

    return ask


@pytest.fixture
def recorded():
    """Three steps of two changes, all of them sealed but one."""
    ServiceFactory(slug="checkout")
    ledger.record(event=step("requested", 0, revision="4f2a1c", service_hint="checkout", actor="ana"), source="event")
    ledger.record(event=step("succeeded", 1, description="=HYPERLINK(1)", why="Bo agreed: “grün”"), source="event")
    seal_due()
    ledger.record(event=step("succeeded", 2, kind="config", service_hint="basket", actor="@bo"), source="api")


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_the_chain_is_recomputed_with_sha_256_alone(asked, recorded):
    told = lines(asked(format="jsonl"))
    previous = "0" * 64
    for number, line in enumerate(told[:2], 1):
        assert hashlib.sha256(line["sealed"].encode()).hexdigest() == line["digest"]
        assert json.loads(line["sealed"])["previous"] == line["previous"] == previous
        assert json.loads(line["sealed"])["number"] == line["number"] == number
        previous = line["digest"]
    assert (told[2]["number"], told[2]["digest"], told[2]["sealed"]) == (None, "", "")


def test_what_a_line_says_of_its_entry_is_what_was_sealed(asked, recorded):
    for line in lines(asked(format="jsonl"))[:2]:
        sealed = json.loads(line["sealed"])
        assert {name: line[name] for name in sealed} == sealed


def test_an_entry_that_was_altered_does_not_fit_its_digest(asked, recorded):
    line = lines(asked(format="jsonl"))[0]
    altered = line["sealed"].replace("ana", "eve")
    assert altered != line["sealed"]
    assert hashlib.sha256(altered.encode()).hexdigest() != line["digest"]


def test_csv_says_the_same_and_runs_nothing_in_a_spreadsheet(asked, recorded):
    told = list(csv.DictReader(io.StringIO(asked())))
    assert [line["number"] for line in told] == ["1", "2", ""]
    assert told[1]["description"] == "'=HYPERLINK(1)"
    assert told[2]["actor"] == "'@bo"
    assert told[1]["why"] == "Bo agreed: “grün”"
    assert told[0]["service"] == "checkout"
    assert hashlib.sha256(told[1]["sealed"].encode()).hexdigest() == told[1]["digest"]


def test_filters_apply_and_each_line_still_can_be_checked(asked, recorded):
    (line,) = lines(asked(format="jsonl", kind="config"))
    assert line["change"] == "api:-:77"
    seal_due()
    (line,) = lines(asked(format="jsonl", kind="config"))
    assert hashlib.sha256(line["sealed"].encode()).hexdigest() == line["digest"]
    assert line["previous"] == json.loads(line["sealed"])["previous"] != "0" * 64


@pytest.mark.parametrize(("name", "value"), [("format", "xml"), ("since", "soon"), ("kind", "wish"), ("servce", "x")])
def test_what_cannot_be_used_is_refused_by_name(api, name, value):
    answer = api(PersonFactory()).get(EXPORT, {name: value})
    assert answer.status_code == 400
    assert name in answer.json()["errors"]


def test_it_is_for_those_who_signed_in():
    assert APIClient().get(EXPORT).status_code == 401


def test_a_long_ledger_takes_no_more_queries(asked, django_assert_max_num_queries):
    ChangeFactory.create_batch(20)
    seal_due()
    with django_assert_max_num_queries(3):
        assert len(asked(format="jsonl").splitlines()) == 20
