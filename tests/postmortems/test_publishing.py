"""From draft to published: both sides sign, something was learned, and nothing is blocked by the coach."""

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from postmortems import lifecycle, services
from tests.factories import IncidentFactory, PersonFactory
from tests.postmortems.cases import member, published, reviewed

pytestmark = pytest.mark.django_db


def move(postmortem, to, reason=""):
    return services.transition(postmortem=postmortem, to=to, by=None, reason=reason)


def test_what_publishing_waits_for_is_said_all_at_once():
    postmortem = move(services.open_postmortem(incidents=[IncidentFactory()]), "in_review")
    with pytest.raises(Conflict) as refusal:
        move(postmortem, "published")
    assert refusal.value.extra["missing"] == [
        "a summary",
        "a contributing factor",
        "a sign-off from Dev",
        "a sign-off from Ops",
    ]
    postmortem.refresh_from_db()
    assert postmortem.status == "in_review"


def test_with_summary_factor_and_both_sides_it_is_published_without_any_action():
    postmortem = published(IncidentFactory())
    assert postmortem.status == "published"
    assert postmortem.actions.count() == 0


def test_what_limited_the_harm_is_no_contributing_factor():
    postmortem = reviewed(IncidentFactory(), factors=())
    services.add_factor(postmortem=postmortem, factor="automation", kind="mitigating", by=None)
    assert "a contributing factor" in services.missing(postmortem)


def test_reopening_needs_a_reason_keeps_the_first_publication_and_asks_both_sides_again():
    postmortem = published(IncidentFactory())
    first = postmortem.published_at
    with pytest.raises(InvalidInput):
        move(postmortem, "reopened")
    postmortem = move(postmortem, "reopened", "The provider told us more.")
    assert (postmortem.status, postmortem.published_at) == ("draft", first)
    postmortem = move(postmortem, "in_review")
    assert len(services.missing(postmortem)) == 2
    for review in postmortem.reviews.all():
        services.sign_off(postmortem=postmortem, by=review.person)
    assert move(postmortem, "published").published_at == first


@pytest.mark.parametrize("to", ["published", "reopened", "draft", "closed"])
def test_a_move_that_the_table_does_not_have_names_the_allowed_ones(to):
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    with pytest.raises(Conflict) as refusal:
        move(postmortem, to)
    assert refusal.value.extra["allowed"] == ["in_review"]


def test_reviewers_belong_to_the_side_they_sign_for():
    postmortem, dev = services.open_postmortem(incidents=[IncidentFactory()]), member("dev")
    with pytest.raises(InvalidInput, match="no Ops team"):
        services.ask_reviewer(postmortem=postmortem, person=dev, side="ops", by=None)
    with pytest.raises(InvalidInput, match="dev, ops"):
        services.ask_reviewer(postmortem=postmortem, person=dev, side="marketing", by=None)
    with pytest.raises(InvalidInput, match="no Dev team"):
        services.ask_reviewer(postmortem=postmortem, person=PersonFactory(), side="dev", by=None)
    assert services.ask_reviewer(postmortem=postmortem, person=dev, side="dev", by=None).side == "dev"


def test_a_reviewer_must_be_able_to_see_it():
    incident = IncidentFactory(private=True)
    postmortem = services.open_postmortem(incidents=[incident])
    with pytest.raises(InvalidInput, match="takes no part"):
        services.ask_reviewer(postmortem=postmortem, person=member("dev"), side="dev", by=None)


def test_only_those_who_were_asked_sign_and_only_in_review():
    postmortem, dev = services.open_postmortem(incidents=[IncidentFactory()]), member("dev")
    with pytest.raises(Forbidden):
        services.sign_off(postmortem=postmortem, by=dev)
    services.ask_reviewer(postmortem=postmortem, person=dev, side="dev", by=None)
    with pytest.raises(Conflict):
        services.sign_off(postmortem=postmortem, by=dev)
    move(postmortem, "in_review")
    with pytest.raises(InvalidInput):
        services.sign_off(postmortem=postmortem, by=dev, side="ops")
    assert services.sign_off(postmortem=postmortem, by=dev, side="dev", note="Fine").signed_off_at


def test_a_sign_off_that_a_publication_rests_on_is_not_removed():
    postmortem = published(IncidentFactory())
    with pytest.raises(Conflict):
        services.remove_reviewer(review=postmortem.reviews.first(), by=None)


def test_the_summary_is_found_under_the_name_each_template_gives_it():
    for template in ("concise", "response-focused", "learning-review", "near-miss"):
        postmortem = services.open_postmortem(title="A near miss", template=template)
        keys = {section.key for section in postmortem.sections.all()}
        key = next(key for key in lifecycle.SUMMARY_KEYS if key in keys)
        assert "a summary" in services.missing(postmortem)
        services.save_section(postmortem=postmortem, key=key, body="It was close.", version=0, by=None)
        assert "a summary" not in services.missing(postmortem)
