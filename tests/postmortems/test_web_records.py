"""Evidence, actions, problems and articles in the browser: what is filled in, refused by field, and linked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import services
from postmortems.models import Action, Article, Problem
from tests.factories import ChangeFactory, PersonFactory, ServiceFactory, TeamFactory
from tests.postmortems.cases import member, resolved, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return member("dev")


@pytest.fixture
def writer(client, me):
    client.force_login(me)
    return client


@pytest.fixture
def postmortem():
    return services.open_postmortem(incidents=[resolved(services=[ServiceFactory(slug="checkout")])])


def test_several_factors_are_added_and_taken_back(writer, postmortem):
    from postmortems.models import Factor

    here = f"/postmortems/{postmortem.number}/factors/"
    for factor in Factor.objects.all()[:2]:
        data = {"contributing-kind": "contributing", "contributing-factor": factor.pk, "contributing-note": "So."}
        assert writer.post(f"{here}contributing/", data).status_code == 302
    assert postmortem.findings.count() == 2
    finding = postmortem.findings.first()
    writer.post(f"{here}{finding.pk}/fixed/", {"fixed": "yes"})
    finding.refresh_from_db()
    assert finding.fixed_at
    writer.post(f"{here}{finding.pk}/remove/")
    assert postmortem.findings.count() == 1


def test_a_reviewer_of_no_team_of_that_side_is_refused_at_the_field(writer, postmortem):
    data = {"reviewer-person": PersonFactory().pk, "reviewer-side": "ops"}
    page = writer.post(f"/postmortems/{postmortem.number}/reviewers/", data)
    assert page.status_code == 422 and "person" in page.context["reviewer_form"].errors


def test_only_those_who_were_asked_are_offered_to_sign_off(writer, client):
    postmortem = reviewed(resolved())
    postmortem.reviews.update(signed_off_at=None)
    page = f"/postmortems/{postmortem.number}/"
    assert "Sign off for" not in writer.get(page).text
    review = postmortem.reviews.get(side="ops")
    client.force_login(review.person)
    assert "Sign off for Ops" in client.get(page).text
    client.post(f"{page}sign-off/", {"sign-note": "True to what I saw."})
    review.refresh_from_db()
    assert review.signed_off_at and review.note == "True to what I saw."


def test_what_is_missing_for_publication_is_said_in_words(writer, postmortem):
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    for missing in ("a summary", "a contributing factor", "a sign-off from Dev", "a sign-off from Ops"):
        assert f"<li>{missing}</li>" in page


def test_publishing_too_early_is_refused_and_publishing_when_ready_is_not(writer, postmortem):
    services.transition(postmortem=postmortem, to="in_review", by=None)
    answer = writer.post(f"/postmortems/{postmortem.number}/transition/", {"to": "published"}, follow=True)
    assert "cannot be published yet" in answer.text
    ready = reviewed(resolved())
    writer.post(f"/postmortems/{ready.number}/transition/", {"to": "published"})
    ready.refresh_from_db()
    assert ready.status == "published"
    assert writer.post(f"/postmortems/{ready.number}/transition/", {"to": "reopened"}).status_code == 422
    writer.post(f"/postmortems/{ready.number}/transition/", {"to": "reopened", "reopen-reason": "New facts."})
    ready.refresh_from_db()
    assert ready.status == "draft"


def test_an_action_without_a_date_is_due_by_its_priority(writer, postmortem, me):
    data = {"title": "Pin the size", "kind": "prevent", "priority": "high", "owner": me.pk}
    writer.post(f"/postmortems/{postmortem.number}/actions/", {f"action-{name}": value for name, value in data.items()})
    action = Action.objects.get()
    assert action.due_on == timezone.localdate() + timedelta(days=14)
    assert action.owner == me and action.postmortem == postmortem


def test_the_coach_speaks_of_a_weak_action_while_it_is_typed(writer):
    answer = writer.post("/actions/notes/", {"action-title": "Be more careful"})
    assert "Which system, check or default changes?" in answer.text


def test_not_doing_an_action_needs_a_reason(writer, postmortem):
    action = services.create_action(title="Pin it", postmortem=postmortem, by=None)
    assert writer.post(f"/actions/{action.number}/move/", {"to": "wont_do", "reason": ""}).status_code == 422
    writer.post(f"/actions/{action.number}/move/", {"to": "wont_do", "reason": "The service goes away."})
    action.refresh_from_db()
    assert (action.state, action.reason) == ("wont_do", "The service goes away.")


def test_the_board_is_by_team_and_narrows_to_what_is_overdue(writer, me):
    team = TeamFactory(name="Payments")
    late = services.create_action(title="Late one", team=team, owner=me, by=None)
    services.create_action(title="In time", by=None)
    Action.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    assert "Payments" in writer.get("/actions/").text
    for query in ("overdue=1", f"team={team.slug}", "owner=me", f"number={late.number}"):
        page = writer.get(f"/actions/?{query}").text
        assert "Late one" in page and "In time" not in page, query


def test_a_problem_opened_from_a_post_mortem_begins_with_what_stands_there(writer, postmortem):
    services.save_section(postmortem=postmortem, key="trigger", body="A default changed.", version=0, by=None)
    form = writer.get(f"/problems/new/?postmortem={postmortem.number}").context["form"]
    assert form["statement"].initial == "A default changed."
    data = {"title": "Defaults", "impact": 1, "urgency": 2, "origin": "reactive", "postmortems": [postmortem.pk]}
    answer = writer.post("/problems/new/", data | {"incidents": [postmortem.incidents.get().pk]})
    problem = Problem.objects.get()
    assert answer.url == problem.get_absolute_url()
    assert list(problem.postmortems.all()) == [postmortem]
    assert "Defaults" in writer.get(f"/postmortems/{postmortem.number}/").text


def test_a_known_error_needs_to_say_what_is_known(writer):
    problem = services.open_problem(title="Defaults", by=None)
    here = f"/problems/{problem.number}/known-error/"
    assert writer.post(here, {"known-cause_notes": ""}).status_code == 422
    writer.post(here, {"known-cause_notes": "The size halves.", "known-workaround": "Set it."})
    problem.refresh_from_db()
    assert problem.is_known_error
    assert "Defaults" in writer.get("/problems/?known=1").text


def test_resolving_as_fixed_needs_a_change_that_is_linked(writer):
    problem = services.open_problem(title="Defaults", by=None)
    change = ChangeFactory(revision="4f2a1c9" + "0" * 33)
    here = f"/problems/{problem.number}/"
    refused = writer.post(f"{here}move/", {"to": "resolved", "resolve-outcome": "fixed"})
    assert refused.status_code == 422 and "Link at least one change" in refused.text
    writer.post(f"{here}links/", {"link-kind": "changes", "link-key": "4f2a1c9"})
    assert list(problem.changes.all()) == [change]
    writer.post(f"{here}move/", {"to": "resolved", "resolve-outcome": "fixed"})
    problem.refresh_from_db()
    assert problem.status == "resolved"


def test_a_link_to_what_one_may_not_see_is_refused_as_if_it_were_not_there(writer):
    problem, hidden = services.open_problem(title="Defaults", by=None), resolved(private=True)
    answer = writer.post(
        f"/problems/{problem.number}/links/", {"link-kind": "incidents", "link-key": str(hidden.number)}
    )
    assert answer.status_code == 422 and "Nothing is known as" in answer.text
    assert not problem.incidents.exists()


def test_an_article_from_a_problem_begins_with_its_workaround(writer):
    problem = services.open_problem(title="Defaults", workaround="Set it.", by=None)
    form = writer.get(f"/knowledge/new/?problem={problem.number}").context["form"]
    assert form["resolution"].initial == "Set it."
    data = {"title": "Set the size", "issue": "503", "kind": "solution", "audience": "company"}
    writer.post("/knowledge/new/", data | {"problems": [problem.pk]})
    assert list(Article.objects.get().problems.all()) == [problem]


def test_an_article_for_a_team_only_is_asked_for_the_team_at_its_field(writer):
    data = {"title": "Set the size", "issue": "503", "kind": "solution", "audience": "team"}
    answer = writer.post("/knowledge/new/", data)
    assert answer.status_code == 422 and "team" in answer.context["form"].errors


def test_this_helped_records_a_use_once_and_says_so(writer):
    incident = resolved(services=[ServiceFactory(slug="checkout")])
    article = services.write_article(title="Set it", issue="503", services=incident.services.all(), by=None)
    room = f"/incidents/{incident.number}/seen-before/"
    assert "This helped" in writer.get(room).text
    for _ in range(2):
        answer = writer.post(
            f"/knowledge/{article.number}/use/", {"helped": incident.number}, headers={"HX-Request": "true"}
        )
        assert "helped here" in answer.text
    assert article.uses.count() == 1
    assert "This helped" not in writer.get(room).text


def test_the_workaround_of_a_known_error_stands_in_the_room_and_in_the_declare_form(writer):
    service = ServiceFactory(slug="checkout")
    problem = services.open_problem(title="Defaults", services=[service], by=None)
    services.mark_known_error(problem=problem, cause_notes="It halves.", workaround="**Set it.**", by=None)
    incident = resolved(services=[service])
    for address in (f"/incidents/{incident.number}/seen-before/", "/known-errors/?services=search,checkout"):
        assert "<strong>Set it.</strong>" in writer.get(address).text, address


def test_what_waits_for_me_is_mine_alone(writer, me):
    services.create_action(title="Mine to do", owner=me, by=None)
    services.create_action(title="Another's", owner=PersonFactory(), by=None)
    page = writer.get("/waiting/").text
    assert "Mine to do" in page and "Another&#x27;s" not in page
