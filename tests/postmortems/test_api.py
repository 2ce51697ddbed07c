"""The API of this room, as contracts.md promises it."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from postmortems import services
from postmortems.models import Action, Postmortem
from tests.factories import ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory, TimelineEntryFactory
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"


@pytest.fixture
def client(api):
    return api(PersonFactory())


def test_nobody_is_told_anything_without_signing_in():
    for path in ("postmortems/", "actions/", "problems/", "knowledge/", "trends/coverage", "search?q=x"):
        answer = APIClient().get(ROOT + path)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"


def test_opening_answers_201_with_all_its_sections(client):
    incident = IncidentFactory(severity="sev1")
    answer = client.post(f"{ROOT}postmortems/", {"incident": incident.number})
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["status"], told["template"], told["incidents"]) == ("draft", "service-reliability", [incident.number])
    assert told["sections"][0] | {"updated_at": ""} == {
        "key": "summary",
        "title": "Summary",
        "questions": told["sections"][0]["questions"],
        "body": "",
        "version": 0,
        "updated_at": "",
    }
    assert told["due_at"].endswith("Z")
    assert told["allowed_transitions"] == ["in_review"]
    assert len(told["missing"]) == 4
    assert client.get(f"{ROOT}postmortems/{told['number']}/").json() == told


def test_the_second_for_an_incident_is_409_and_names_the_first(client):
    incident = IncidentFactory()
    first = client.post(f"{ROOT}postmortems/", {"incidents": [incident.number], "template": "concise"}).json()
    again = client.post(f"{ROOT}postmortems/", {"incident": incident.number})
    assert (again.status_code, again.json()["postmortem"]) == (409, first["number"])
    assert client.post(f"{ROOT}postmortems/", {"incident": incident.number, "another": True}).status_code == 201


def test_an_idempotency_key_opens_one(client):
    body = {"title": "A near miss", "template": "near-miss"}
    answers = [client.post(f"{ROOT}postmortems/", body, headers={"Idempotency-Key": "k"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert Postmortem.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("postmortems", {}, "title"),
        ("postmortems", {"incident": 999}, "incident"),
        ("postmortems", {"incident": True}, "incident"),
        ("postmortems", {"incidents": "all"}, "incidents"),
        ("postmortems", {"title": "x", "template": "nothing"}, "template"),
        ("postmortems", {"title": "x", "facilitator": "nobody@example.com"}, "facilitator"),
        ("actions", {}, "title"),
        ("actions", {"title": "x", "priority": "urgent"}, "priority"),
        ("actions", {"title": "x", "due_on": "soon"}, "due_on"),
        ("actions", {"title": "x", "url": "javascript:alert(1)"}, "url"),
        ("actions", {"title": "nul\x00"}, "title"),
        ("problems", {"title": "x", "impact": 9}, "impact"),
        ("problems", {"title": "x", "services": ["nowhere"]}, "services"),
        ("knowledge", {"title": "x"}, "issue"),
        ("knowledge", {"title": "x", "issue": "x", "audience": "team"}, "team"),
        ("language/check", {}, "text"),
    ],
)
def test_what_cannot_be_used_is_400_by_field(client, path, body, field):
    answer = client.post(f"{ROOT}{path}{'' if 'check' in path else '/'}", body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    "path",
    [
        f"postmortems/{'9' * 30}/",
        f"postmortems/{'9' * 30}/export",
        f"postmortems/?incident={'9' * 30}",
        f"actions/?postmortem={'9' * 30}",
        "actions/?owner=%00",
        "postmortems/?service=%00",
        "knowledge/?q=%00",
        "knowledge/?q=%27%20%26",
        "search?q=%23999999999",
    ],
)
def test_odd_questions_are_answered_or_refused(client, path):
    assert client.get(f"{ROOT}{path}").status_code in (200, 400, 404)


def test_viewers_read_and_change_nothing(api):
    viewer, postmortem = PersonFactory(role="viewer"), published(resolved())
    client = api(viewer)
    assert client.get(f"{ROOT}postmortems/{postmortem.number}/").status_code == 200
    assert client.post(f"{ROOT}actions/", {"title": "x"}).status_code == 403
    reopening = client.post(f"{ROOT}postmortems/{postmortem.number}/transition/", {"to": "reopened", "reason": "x"})
    assert reopening.status_code == 403
    assert not Action.objects.exists()


def test_a_stale_section_is_409_with_both_texts(client):
    number = services.open_postmortem(incidents=[IncidentFactory()]).number
    url = f"{ROOT}postmortems/{number}/sections/summary/"
    saved = client.patch(url, {"version": 0, "body": "Theirs\n"})
    assert (saved.status_code, saved.json()["version"], saved.json()["body"]) == (200, 1, "Theirs\n")
    stale = client.patch(url, {"version": 0, "body": "Mine"})
    assert stale.status_code == 409
    assert stale.json()["current"] == {"version": 1, "body": "Theirs\n"}
    assert stale.json()["yours"] == "Mine"
    assert (stale.json()["merged"], stale.json()["clean"]) == ("Theirs\nMine", True)
    assert client.get(url).json()["body"] == "Theirs\n"
    assert client.patch(url, {"body": "x"}).status_code == 400
    assert client.patch(f"{ROOT}postmortems/{number}/sections/other/", {"version": 0, "body": "x"}).status_code == 404


def test_a_program_may_have_both_texts_put_together(client):
    number = services.open_postmortem(incidents=[IncidentFactory()]).number
    url = f"{ROOT}postmortems/{number}/sections/summary/"
    client.patch(url, {"version": 0, "body": "Theirs"})
    saved = client.patch(url, {"version": 0, "body": "Mine", "merge": True})
    assert (saved.status_code, saved.json()["version"], saved.json()["body"]) == (200, 2, "Theirs\nMine")


def test_history_is_listed_and_restored(client):
    number = services.open_postmortem(incidents=[IncidentFactory()]).number
    url = f"{ROOT}postmortems/{number}/sections/impact/"
    for version, body in enumerate(("One", "Two")):
        client.patch(url, {"version": version, "body": body})
    assert [revision["body"] for revision in client.get(f"{url}revisions/").json()] == ["Two", "One"]
    assert client.post(f"{url}restore/", {"version": 1}).json()["body"] == "One"


def test_the_whole_way_to_publication(api):
    dev, ops, incident = member("dev"), member("ops"), IncidentFactory()
    one, other = api(dev), api(ops)
    number = one.post(f"{ROOT}postmortems/", {"incident": incident.number}).json()["number"]
    url = f"{ROOT}postmortems/{number}/"
    assert one.post(f"{url}reviewers/", {"person": dev.email, "side": "dev"}).status_code == 201
    assert one.post(f"{url}reviewers/", {"person": ops.email, "side": "ops"}).status_code == 201
    assert one.post(f"{url}transition/", {"to": "in_review"}).json()["status"] == "in_review"
    refusal = one.post(f"{url}transition/", {"to": "published"})
    assert refusal.status_code == 409
    assert refusal.json()["missing"] == [
        "a summary",
        "a contributing factor",
        "a sign-off from Dev",
        "a sign-off from Ops",
    ]
    one.post(f"{url}sign-off/", {"side": "dev"})
    saved = one.patch(f"{url}sections/summary/", {"version": 0, "body": "It broke."})
    assert saved.json()["sign_offs_withdrawn"] == [dev.email]
    assert one.post(f"{url}factors/", {"factor": "data", "note": "A null"}).status_code == 201
    for client in (one, other):
        assert client.post(f"{url}sign-off/", {"note": "Fine"}).json()["signed_off_at"]
    assert one.post(f"{url}transition/", {"to": "published"}).json()["published_at"]
    assert one.post(f"{url}transition/", {"to": "draft"}).json()["allowed"] == ["reopened"]
    assert one.post(f"{url}transition/", {"to": "reopened", "reason": "More"}).json()["status"] == "draft"


def test_the_timeline_is_curated(client):
    incident = IncidentFactory()
    entry = TimelineEntryFactory(incident=incident)
    url = f"{ROOT}postmortems/{services.open_postmortem(incidents=[incident]).number}/timeline/"
    assert client.post(url, {"entry": entry.pk, "phase": "repair", "key_moment": True}).status_code == 201
    [told] = client.get(url).json()
    assert (told["entry"]["id"], told["own"], told["incident"], told["phase"]) == (
        entry.pk,
        None,
        incident.number,
        "repair",
    )
    assert told["evidence"][0]["url"].endswith(f"/incidents/{incident.number}/?whole=1#entry-{entry.pk}")
    changed = client.patch(f"{url}{entry.pk}/", {"how_it_looked": "Flat"}).json()
    assert (changed["how_it_looked"], changed["phase"]) == ("Flat", "repair")
    assert client.delete(f"{url}{entry.pk}/").status_code == 204
    assert client.get(url).json() == []
    assert client.patch(f"{url}{entry.pk}/", {"phase": "repair"}).status_code == 404
    assert client.post(url, {"entry": TimelineEntryFactory().pk}).status_code == 400


def test_several_moments_are_picked_at_once_and_one_is_added_afterwards(client):
    incident = IncidentFactory()
    keys = [TimelineEntryFactory(incident=incident).pk for _ in range(3)]
    url = f"{ROOT}postmortems/{services.open_postmortem(incidents=[incident]).number}/timeline/"
    many = client.post(f"{url}selected/", {"entries": keys, "phase": "detection"})
    assert many.status_code == 200 and {one["phase"] for one in many.json()} == {"detection"}
    assert client.post(f"{url}selected/", {"entries": []}).status_code == 400
    at = (incident.started_at - timedelta(minutes=5)).isoformat()
    made = client.post(f"{url}moments/", {"at": at, "text": "The queue grew"})
    assert made.status_code == 201 and made.json()["entry"]["source"] == "api"
    assert len(client.get(url).json()) == 4
    refused = client.post(f"{url}moments/", {"at": "2999-01-01T00:00:00Z", "text": "x"})
    assert refused.status_code == 400 and "still to come" in str(refused.json()["errors"]["at"])


def test_a_near_miss_has_moments_of_its_own(client):
    url = f"{ROOT}postmortems/{services.open_postmortem(title='Nearly').number}/timeline/"
    at = (timezone.now() - timedelta(hours=1)).isoformat()
    made = client.post(f"{url}moments/", {"at": at, "text": "Plug loose", "phase": "detection"}).json()
    assert (made["entry"], made["incident"], made["text"]) == (None, None, "Plug loose")
    own = f"{url}moments/{made['own']}/"
    assert client.patch(own, {"text": "Plug hung loose"}).json()["text"] == "Plug hung loose"
    assert client.delete(own).status_code == 204 and client.get(url).json() == []


def test_title_and_facilitator_factors_and_reviewers_are_changed(client):
    postmortem, dev = reviewed(IncidentFactory()), member("dev")
    url = f"{ROOT}postmortems/{postmortem.number}/"
    told = client.patch(url, {"title": "Better", "facilitator": dev.email}).json()
    assert (told["title"], told["facilitator"]["email"]) == ("Better", dev.email)
    factor = f"{url}factors/{told['factors'][0]['id']}/"
    assert client.patch(factor, {"note": "x", "fixed": True}).json()["fixed_at"]
    assert client.delete(factor).status_code == 204
    assert client.delete(f"{url}reviewers/{told['reviewers'][0]['id']}/").status_code == 204
    told = client.get(url).json()
    assert (told["factors"], len(told["reviewers"])) == ([], 1)


def test_export_as_markdown_has_facts_sections_timeline_factors_and_actions(client):
    incident = resolved(services=[ServiceFactory(name="Checkout")])
    TimelineEntryFactory(incident=incident, kind="declared", text="Declared: all is slow")
    postmortem = published(incident)
    services.create_action(title="Bound the pool", by=None, postmortem=postmortem)
    for path in ("export?format=md", "export/?format=md", "export"):
        answer = client.get(f"{ROOT}postmortems/{postmortem.number}/{path}")
        assert answer["Content-Type"].startswith("text/markdown")
        text = answer.content.decode()
        for part in ("# ", f"#{incident.number}", "Checkout", "What happened.", "all is slow", "Data", "- [ ] Bound"):
            assert part in text
    assert client.get(f"{ROOT}postmortems/{postmortem.number}/export?format=json").json()["number"] == postmortem.number
    unknown = client.get(f"{ROOT}postmortems/{postmortem.number}/export?format=doc")
    assert (unknown.status_code, list(unknown.json()["errors"])) == (400, ["format"])


def test_actions_are_made_changed_moved_and_listed(client):
    owner = PersonFactory()
    made = client.post(f"{ROOT}actions/", {"title": "Bound it", "priority": "high", "owner": owner.email})
    assert made.status_code == 201
    assert made.json()["due_on"] == str(timezone.localdate() + timedelta(days=14))
    url = f"{ROOT}actions/{made.json()['number']}/"
    assert client.patch(url, {"due_on": "2020-01-01"}).json()["due_on"] == "2020-01-01"
    assert client.get(f"{ROOT}actions/?overdue=true").json()["count"] == 1
    assert client.post(f"{url}transition/", {"to": "wont_do"}).status_code == 400
    assert client.post(f"{url}transition/", {"to": "reopened"}).json()["allowed"][0] == "accepted"
    assert client.post(f"{url}transition/", {"to": "done"}).json()["done_at"].endswith("Z")
    for query, count in (
        ("state=open", 0),
        ("state=done", 1),
        (f"owner={owner.email.upper()}", 1),
        ("overdue=true", 0),
        ("team=none", 0),
    ):
        assert client.get(f"{ROOT}actions/?{query}").json()["count"] == count, query


def test_problems_become_known_errors_and_are_resolved_by_a_change(client):
    service, change = ServiceFactory(), ChangeFactory()
    body = {"title": "No bound", "services": [service.slug], "impact": 1, "urgency": 1}
    body["incidents"] = [IncidentFactory().number]
    made = client.post(f"{ROOT}problems/", body)
    assert (made.status_code, made.json()["priority"], made.json()["incidents"]) == (201, 1, body["incidents"])
    url = f"{ROOT}problems/{made.json()['number']}/"
    assert client.post(f"{url}known-error/", {}).status_code == 400
    assert client.post(f"{url}known-error/", {"cause_notes": "x", "workaround": "y"}).json()["is_known_error"]
    assert client.get(f"{ROOT}problems/?known_error=true&service={service.slug}&status=unresolved").json()["count"] == 1
    assert client.post(f"{url}transition/", {"to": "resolved", "outcome": "fixed"}).json()["errors"].keys() == {
        "changes"
    }
    assert client.post(f"{url}link/", {"changes": [change.pk]}).json()["changes"] == [change.pk]
    assert client.post(f"{url}transition/", {"to": "resolved", "outcome": "fixed"}).json()["outcome"] == "fixed"
    assert client.post(f"{url}transition/", {"to": "assess"}).json()["allowed"] == ["closed", "reopened"]
    assert client.patch(url, {"statement": "Now I see"}).json()["statement"] == "Now I see"
    assert client.post(f"{url}unlink/", {"changes": [change.pk]}).json()["changes"] == []


def test_articles_are_written_trusted_used_and_found(client):
    incident = IncidentFactory()
    made = client.post(f"{ROOT}knowledge/", {"title": "Queue", "issue": "Mails are late", "kind": "runbook"})
    assert (made.status_code, made.json()["confidence"], made.json()["uses"]) == (201, "draft", 0)
    url = f"{ROOT}knowledge/{made.json()['number']}/"
    assert client.post(f"{url}transition/", {"to": "validated"}).json()["confidence"] == "validated"
    assert client.post(f"{url}uses/", {"incident": incident.number}).status_code == 201
    assert client.patch(url, {"cause": "A lock"}).json()["uses"] == 1
    assert client.get(f"{ROOT}knowledge/?q=mails&kind=runbook&confidence=validated").json()["count"] == 1
    assert client.get(f"{ROOT}knowledge/?q=nothing").json()["count"] == 0


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_figure_has_definition_n_period_value_and_rows(client, slash):
    published(resolved(severity="sev1", title="=cmd()"))
    answer = client.get(f"{ROOT}trends/coverage{slash}?service=&since=2020-01-01").json()
    assert (answer["n"], answer["value"]["share"]) == (1, 1.0)
    assert answer["definition"]
    assert answer["period"]["since"] == "2020-01-01T00:00:00Z"
    rows = client.get(answer["rows_url"]).json()["rows"]
    assert len(rows) == 1
    told = client.get(f"{ROOT}trends/coverage{slash}?since=2020-01-01&format=csv")
    assert told["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(told.content.decode()))
    assert row["title"] == "'=cmd()"
    assert row["started_at"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("coverage?since=soon", "since"),
        ("coverage?team=x", "team"),
        ("coverage?format=pdf", "format"),
        ("mttr", "figure"),
    ],
)
def test_figures_that_cannot_be_given_are_400_by_field(client, query, field):
    answer = client.get(f"{ROOT}trends/{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_search_answers_by_kind(client):
    incident = IncidentFactory(title="Lanterns go out")
    found = client.get(f"{ROOT}search?q=lantern").json()
    assert list(found) == ["incidents"]
    assert found["incidents"][0]["url"] == incident.get_absolute_url()
    assert client.get(f"{ROOT}search").json() == {}
    assert client.get(f"{ROOT}search?q={'x' * 300}").status_code == 400


def test_the_coach_reads_any_text(client):
    text = "The engineer should have checked."
    findings = client.post(f"{ROOT}language/check", {"text": text, "kind": "prose"}).json()["findings"]
    assert findings
    for finding in findings:
        assert text[finding["start"] : finding["end"]] == finding["text"]
        assert {"category", "why", "ask"} <= set(finding)
    assert client.post(f"{ROOT}language/check", {"text": ""}).json() == {"findings": []}


def test_the_coach_beside_a_section_can_be_set_aside(client):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    services.save_section(postmortem=postmortem, key="summary", body="It was human error.", version=0, by=None)
    url = f"{ROOT}postmortems/{postmortem.number}/sections/summary/language/"
    [finding] = client.get(url).json()["findings"]
    body = {"category": finding["category"], "text": finding["text"], "reason": "A quotation"}
    assert client.post(url, body).json() == {"findings": []}


def test_templates_and_factors_and_exemptions(client):
    assert {one["slug"] for one in client.get(f"{ROOT}templates/").json()} >= {"concise", "service-reliability"}
    assert len(client.get(f"{ROOT}factors/").json()) == 14
    incident = resolved()
    exemption = client.post(f"{ROOT}incidents/{incident.number}/exemption/", {"reason": "The same again"})
    assert exemption.status_code == 201
    assert client.get(f"{ROOT}incidents/{incident.number}/seen-before/").json()["known_errors"] == []


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(client, django_assert_max_num_queries):
    for _ in range(4):
        published(resolved())
        services.create_action(title="x", by=None, owner=PersonFactory())
        services.open_problem(title="x", by=None, services=[ServiceFactory()])
        services.write_article(title="x", issue="x", by=None, services=[ServiceFactory()])
    for part in ("postmortems", "actions", "problems", "knowledge"):
        with django_assert_max_num_queries(4):
            assert len(client.get(f"{ROOT}{part}/").json()["results"]) == 4


def test_every_call_is_in_the_schema(recwarn):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    for path in ("postmortems/{number}/export/", "trends/{figure}/", "search/", "language/check/", "knowledge/"):
        assert f"{ROOT}{path}" in paths


def test_a_time_of_a_zone_that_there_is_not_narrows_the_list_all_the_same(client):
    """PostgreSQL knows offsets below 16 hours only."""
    assert client.get(f"{ROOT}postmortems/?since=2026-01-01T00:00:00%2B20:20").status_code == 200
