"""Who may open which page of this room, and what stands on it: a writer, a viewer, and an outsider."""

import pytest
from django.urls import reverse

from postmortems import services
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client):
    """The client, signed in as this person."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def records():
    """One record of each kind, in sight of everybody."""
    service = ServiceFactory(slug="checkout", name="Checkout")
    postmortem = published(resolved(services=[service]))
    action = services.create_action(title="Pin the pool size", postmortem=postmortem, by=None)
    problem = services.open_problem(title="Defaults change", services=[service], postmortem=postmortem, by=None)
    article = services.write_article(title="Roll back first", issue="503", services=[service], by=None)
    return {"postmortem": postmortem, "action": action, "problem": problem, "article": article}


def addresses(records):
    number = records["postmortem"].number
    return [
        "/postmortems/",
        f"/postmortems/{number}/",
        f"/postmortems/{number}/sections/summary/",
        f"/postmortems/{number}/sections/summary/history/",
        f"/postmortems/{number}/timeline/",
        "/actions/",
        f"/actions/{records['action'].number}/",
        "/problems/",
        f"/problems/{records['problem'].number}/",
        "/knowledge/",
        f"/knowledge/{records['article'].number}/",
        "/trends/",
        "/trends/factor-share/",
        "/search/?q=pool",
        "/waiting/",
        "/services/checkout/known-errors/",
        "/known-errors/?services=checkout",
        f"/incidents/{records['postmortem'].incidents.get().number}/seen-before/",
        f"/incidents/{records['postmortem'].incidents.get().number}/post-mortem/",
    ]


def test_everybody_who_is_signed_in_reads_what_is_public(as_, records):
    client = as_(PersonFactory(role="viewer"))
    for address in addresses(records):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "style=" not in response.text and "<script>" not in response.text, address


def test_nobody_reads_anything_without_signing_in(client, records):
    for address in addresses(records):
        assert client.get(address).status_code == 302, address


def test_what_comes_from_a_private_incident_is_not_there_for_outsiders(as_):
    incident = resolved(private=True)
    postmortem = reviewed(incident)
    action = services.create_action(title="Hide me well", postmortem=postmortem, by=None)
    problem = services.open_problem(title="Hide me too", postmortem=postmortem, by=None)
    article = services.write_article(title="And me", issue="x", postmortems=[postmortem], by=None)
    client = as_(member("dev"))
    for address in (
        f"/postmortems/{postmortem.number}/",
        f"/postmortems/{postmortem.number}/sections/summary/",
        f"/postmortems/{postmortem.number}/timeline/",
        f"/actions/{action.number}/",
        f"/problems/{problem.number}/",
        f"/knowledge/{article.number}/",
        f"/incidents/{incident.number}/post-mortem/",
    ):
        assert client.get(address).status_code == 404, address
    for address in ("/postmortems/", "/actions/", "/problems/", "/knowledge/", "/search/?q=hide"):
        assert "Hide me" not in client.get(address).text and postmortem.title not in client.get(address).text


def test_those_who_take_part_read_what_is_private(as_):
    postmortem = reviewed(resolved(private=True))
    participant = postmortem.incidents.get().participants.first()
    assert as_(participant).get(f"/postmortems/{postmortem.number}/").status_code == 200


def test_a_viewer_is_offered_nothing_to_write(as_, records):
    client = as_(PersonFactory(role="viewer"))
    page = client.get(f"/postmortems/{records['postmortem'].number}/").text
    for offer in ("Add an action", "Reopen", "Edit</a>", "Open a problem from this"):
        assert offer not in page
    offered = [
        client.get(path).text.count('method="post"') for path in (records["problem"].get_absolute_url(), "/problems/")
    ]
    assert offered[0] == offered[1]


def test_what_a_viewer_sends_nevertheless_is_refused_and_changes_nothing(as_):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    client = as_(PersonFactory(role="viewer"))
    sent = {"body": "mine", "version": 0, "title": "x", "to": "in_review", "key": "1"}
    for name in ("section", "add-action", "transition"):
        arguments = [postmortem.number, "summary"] if name == "section" else [postmortem.number]
        data = {f"action-{key}": value for key, value in sent.items()} | sent
        data |= {"action-kind": "prevent", "action-priority": "low"}
        assert client.post(reverse(f"postmortems:{name}", args=arguments), data).status_code == 403, name
    postmortem.refresh_from_db()
    assert postmortem.status == "draft"
    assert postmortem.sections.get(key="summary").body == ""
    assert postmortem.actions.count() == 0


def test_the_list_names_resolved_incidents_that_have_none(as_):
    without = resolved(severity="sev1", title="Nobody wrote about me")
    resolved(severity="sev3", title="Too small to ask for one")
    client = as_(member("dev"))
    page = client.get("/postmortems/").text
    assert "Nobody wrote about me" in page and "Too small" not in page
    client.post(f"/postmortems/exempt/{without.number}/", {"reason": "A copy of last week's."})
    assert "Nobody wrote about me" not in client.get("/postmortems/").text
    assert without.exemption.reason == "A copy of last week's."


def test_one_is_opened_from_an_incident_with_a_template(as_):
    incident = resolved(title="Checkout is down")
    client = as_(member("dev"))
    form = client.get(f"/postmortems/open/?incident={incident.number}").text
    assert f'value="{incident.pk}" selected' in form
    answer = client.post("/postmortems/open/", {"incidents": [incident.pk], "template": "concise", "title": ""})
    postmortem = incident.postmortems.get()
    assert answer.url == postmortem.get_absolute_url()
    assert [s.key for s in postmortem.sections.all()][:2] == ["summary", "impact"]


def test_a_near_miss_without_a_title_is_asked_for_one_by_its_field(as_):
    answer = as_(member("dev")).post("/postmortems/open/", {"template": "near-miss", "title": ""})
    assert answer.status_code == 422
    assert "title" in answer.context["form"].errors


def test_filters_narrow_the_list(as_):
    service = ServiceFactory(slug="search")
    draft = services.open_postmortem(incidents=[resolved(services=[service], title="In the making")])
    published(resolved(title="All done"))
    client = as_(member("ops"))
    for query, there, not_there in (
        ("status=published", "All done", "In the making"),
        ("service=search", "In the making", "All done"),
        ("q=making", "In the making", "All done"),
    ):
        page = client.get(f"/postmortems/?{query}").text
        assert there in page and not_there not in page, query
    draft.refresh_from_db()
    assert draft.title not in client.get("/postmortems/?overdue=1").text


def test_the_facts_tell_both_sides_apart(as_):
    incident = resolved()
    postmortem = services.open_postmortem(incidents=[incident])
    dev, ops = member("dev"), member("ops")
    incident.participant_set.create(person=dev, how="paged", side="dev")
    incident.participant_set.create(person=ops, how="paged", side="ops")
    sides = dict(as_(dev).get(f"/postmortems/{postmortem.number}/").context["sides"])
    assert sides["dev"] == [dev] and sides["ops"] == [ops]


def test_the_rows_a_template_has_no_section_for_stand_at_the_end(as_):
    postmortem = services.open_postmortem(template="response-focused", title="A drill")
    parts = as_(member("dev")).get(f"/postmortems/{postmortem.number}/").context["parts"]
    keys = [part.key for part in parts]
    assert keys.count("actions") == 1 and {"timeline", "mitigators"} <= set(keys[-2:])


def test_no_address_brings_a_page_down(as_):
    client = as_(member("dev"))
    for address in ("/postmortems/", "/problems/", "/knowledge/", "/actions/", "/known-errors/"):
        assert client.get(f"{address}?service=%27&services=,&team=%20&q=%25&page=x&number=%C2%B2").status_code == 200
        assert client.get(f"{address}?q=%00").status_code == 400
    assert client.get("/trends/?service=x").status_code == 422
    assert client.get("/postmortems/99999999999999999999/").status_code == 404
    assert client.get("/postmortems/open/?incident=99999999999").status_code == 200
