"""What the coach says of a whole post-mortem: on its pages and through the API."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from postmortems import coached, services
from postmortems.models import Section
from postmortems.views import coaching
from tests.factories import IncidentFactory, PersonFactory
from tests.postmortems.cases import published, resolved

pytestmark = pytest.mark.django_db
BLAMING = "The outage was human error. Bo should have checked the queue."


@pytest.fixture
def postmortem():
    return services.open_postmortem(incidents=[IncidentFactory()])


@pytest.fixture
def asking(api):
    return api(PersonFactory())


def write(postmortem, key, body):
    return services.save_section(postmortem=postmortem, key=key, body=body, version=0, by=None).section


def set_aside(section, category, text, reason="It is what the report says"):
    return services.dismiss(section=section, category=category, text=text, reason=reason, by=PersonFactory())


def test_a_text_without_blame_has_nothing_to_sum_up(postmortem):
    write(postmortem, "summary", "The queue filled up, and the alert had no data.")

    summary = coached.summary(postmortem)

    assert (summary.total, summary.set_aside, summary.sections, summary.questions) == (0, 0, [], [])


def test_it_is_summed_up_by_section_with_the_question_asked_most_often_first(postmortem):
    write(postmortem, "summary", BLAMING)
    write(postmortem, "impact", "We should have told the customers.")

    summary = coached.summary(postmortem)

    assert [(one.section.key, len(one.notes)) for one in summary.sections] == [("summary", 2), ("impact", 1)]
    assert [(one.category.value, one.count) for one in summary.questions] == [("counterfactual", 2), ("human_error", 1)]
    assert summary.total == 3


def test_what_was_set_aside_is_told_with_its_reason_while_its_words_stand(postmortem):
    section = write(postmortem, "summary", BLAMING)
    set_aside(section, "human_error", "human error")
    set_aside(section, "blame", "Bo's fault")

    [one] = coached.summary(postmortem).sections

    assert [note.finding.category.value for note in one.notes] == ["counterfactual"]
    assert [(each.text, each.reason) for each in one.aside] == [("human error", "It is what the report says")]


def test_weak_actions_are_among_it(postmortem):
    services.create_action(postmortem=postmortem, title="Add an alert on the queue", by=None)
    weak = services.create_action(postmortem=postmortem, title="Be more careful with the queue", by=None)

    summary = coached.summary(postmortem)

    assert [one.action.number for one in summary.actions] == [weak.number]
    assert [one.category.label for one in summary.questions] == ["trying harder"]


def test_notes_have_the_ids_they_have_in_the_margin(postmortem):
    section = write(postmortem, "summary", BLAMING)
    set_aside(section, "human_error", "human error")

    [one] = coached.summary(postmortem).sections

    assert [note.finding for note in one.notes] == services.coach(section)
    assert [note.id for note in one.notes] == ["summary-1"]


def test_it_takes_as_many_queries_for_many_sections_as_for_one(postmortem, django_assert_num_queries):
    for section in Section.objects.filter(postmortem=postmortem):
        set_aside(write(postmortem, section.key, BLAMING), "human_error", "human error")

    with django_assert_num_queries(3):
        assert coached.summary(postmortem).total


@pytest.mark.parametrize("role", ["responder", "stakeholder"])
def test_only_those_who_write_are_advised(postmortem, role):
    request = RequestFactory().get("/")
    request.user = PersonFactory(role=role)

    assert bool(coaching.context(request, postmortem)["coach_summary"]) is (role == "responder")


def test_a_published_text_is_not_judged_any_more():
    request = RequestFactory().get("/")
    request.user = PersonFactory()

    assert coaching.context(request, published(resolved()))["coach_summary"] is None


def test_the_api_tells_sections_actions_questions_and_what_was_set_aside(asking, postmortem):
    section = write(postmortem, "summary", BLAMING)
    set_aside(section, "human_error", "human error")
    action = services.create_action(postmortem=postmortem, title="Remind everyone to tag it", by=None)

    told = asking.get(f"/api/v1/postmortems/{postmortem.number}/language/").json()

    assert told["total"] == 2
    assert {one["category"] for one in told["questions"]} == {"counterfactual", "weak_action"}
    [summary] = told["sections"]
    assert summary["key"] == "summary"
    assert [one["text"] for one in summary["findings"]] == ["should have checked"]
    assert summary["set_aside"] == [
        {"category": "human_error", "text": "human error", "reason": "It is what the report says"}
    ]
    assert [(one["number"], one["findings"][0]["category"]) for one in told["actions"]] == [
        (action.number, "weak_action")
    ]


def test_the_api_tells_it_of_visible_post_mortems_only(api, postmortem):
    assert api(PersonFactory()).get("/api/v1/postmortems/9999/language/").status_code == 404


def test_an_action_answers_with_the_coachs_notes_on_its_title(asking):
    weak = asking.post("/api/v1/actions/", {"title": "Retrain the on-call engineers"})
    strong = asking.post("/api/v1/actions/", {"title": "Block a deploy without a region"})

    assert [one["category"] for one in weak.json()["notes"]] == ["weak_action"]
    assert strong.json()["notes"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": ["a", "b"]}, "text"),
        ({"text": "Bo forgot", "kind": "poem"}, "kind"),
        ({"text": "x" * 200_001}, "text"),
    ],
)
def test_what_the_check_cannot_use_is_refused_by_field(asking, body, field):
    answer = asking.post("/api/v1/language/check", body, format="json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]


def test_the_facilitation_page_shows_it_with_links_to_the_words(client, postmortem):
    section = write(postmortem, "summary", BLAMING)
    set_aside(section, "human_error", "human error", reason="Quoted from the vendor")

    client.force_login(PersonFactory(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("postmortems:facilitation", args=[postmortem.number]))
    shown = page.content.decode()

    assert f'href="{postmortem.get_absolute_url()}#note-summary-1"' in shown
    assert "What happened, and what was known then?" in shown
    assert "Quoted from the vendor" in shown
