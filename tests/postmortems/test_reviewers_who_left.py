"""A reviewer who left: their sign-off counts, an unsigned one is said and replaced, and nothing waits for ever."""

import pytest
from django.urls import reverse

from notifications.errors import Conflict
from postmortems import services
from postmortems.services.reviews import misfit
from tests.factories import AdministratorFactory
from tests.postmortems.cases import member, resolved, reviewed

pytestmark = pytest.mark.django_db


def in_review(*people, incident=None):
    postmortem = services.open_postmortem(incidents=[incident or resolved()], by=None)
    services.save_section(postmortem=postmortem, key="summary", body="It broke.", version=0, by=None)
    services.add_factor(postmortem=postmortem, factor="data", by=None)
    for person, side in people:
        services.ask_reviewer(postmortem=postmortem, person=person, side=side, by=None)
    return services.transition(postmortem=postmortem, to="in_review", by=None)


def leave(person):
    person.is_active = False
    person.save()


def demote(person):
    person.role = "viewer"
    person.save()


def change_sides(person):
    person.teams.clear()


@pytest.mark.parametrize(
    ("go", "said"), [(leave, "no longer active"), (demote, "viewer"), (change_sides, "in no Ops team")]
)
def test_an_unsigned_reviewer_who_can_sign_no_more_is_flagged_and_replaced_in_one_click(client, go, said):
    dev, ops, other = member("dev"), member("ops"), member("ops")
    postmortem = in_review((dev, "dev"), (ops, "ops"))
    go(ops)
    client.force_login(dev, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(postmortem.get_absolute_url()).text
    assert said in page
    assert f"Ask {other} instead" in page
    review = postmortem.reviews.get(person=ops)
    client.post(reverse("postmortems:ask-instead", args=[postmortem.number, review.pk]), {"person": other.pk})
    assert {one.person for one in postmortem.reviews.all()} == {dev, other}


@pytest.mark.parametrize("go", [leave, demote, change_sides])
def test_what_was_signed_before_leaving_counts(go):
    postmortem = reviewed(resolved())
    go(postmortem.reviews.get(side="ops").person)
    assert services.missing(postmortem) == []
    assert services.transition(postmortem=postmortem, to="published", by=None).status == "published"


def test_whoever_changed_sides_does_not_sign_for_the_old_one():
    dev, ops = member("dev"), member("ops")
    postmortem = in_review((dev, "dev"), (ops, "ops"))
    change_sides(ops)
    with pytest.raises(Conflict, match="in no Ops team"):
        services.sign_off(postmortem=postmortem, by=ops)


def test_who_may_not_see_it_any_more_is_flagged():
    incident, ops = resolved(private=True), member("ops")
    taking_part = incident.participant_set.create(person=ops, how="added")
    postmortem = in_review((ops, "ops"), incident=incident)
    assert misfit(postmortem, ops, "ops") == ""
    taking_part.delete()
    assert "may not see it" in misfit(postmortem, ops, "ops")


def test_a_sign_off_is_not_replaced():
    postmortem = reviewed(resolved())
    with pytest.raises(Conflict, match="has signed off"):
        services.ask_instead(review=postmortem.reviews.first(), person=member("dev"), by=None)


def test_with_nobody_left_of_a_side_it_is_published_for_a_reason_that_is_kept(settle):
    dev, ops = member("dev"), member("ops")
    incident = resolved()
    postmortem = in_review((dev, "dev"), (ops, "ops"), incident=incident)
    services.sign_off(postmortem=postmortem, by=dev)
    with pytest.raises(Conflict) as refusal:
        services.transition(postmortem=postmortem, to="published", by=dev, reason="We are in a hurry")
    assert refusal.value.extra["nobody_left"] == []
    leave(ops)
    with pytest.raises(Conflict, match="Nobody of Ops is left") as refusal:
        services.transition(postmortem=postmortem, to="published", by=dev)
    assert refusal.value.extra["nobody_left"] == ["ops"]
    services.transition(postmortem=postmortem, to="published", by=dev, reason="Ops was outsourced")
    settle()
    assert incident.timeline.filter(text__contains="published: Ops was outsourced").exists()


def test_the_page_offers_to_publish_without_a_side_that_has_nobody(client):
    dev = member("dev")
    postmortem = in_review((dev, "dev"))
    services.sign_off(postmortem=postmortem, by=dev)
    client.force_login(AdministratorFactory(), backend="django.contrib.auth.backends.ModelBackend")
    assert "Publish without Ops" in client.get(postmortem.get_absolute_url()).text
    address = reverse("postmortems:transition", args=[postmortem.number])
    assert client.post(address, {"to": "published", "why": "nobody_left", "publish-reason": ""}).status_code == 422
    client.post(address, {"to": "published", "why": "nobody_left", "publish-reason": "No Ops team here."})
    postmortem.refresh_from_db()
    assert postmortem.status == "published"


def test_what_changed_since_a_sign_off_is_listed(client):
    postmortem = reviewed(resolved())
    dev = postmortem.reviews.get(side="dev").person
    client.force_login(dev, backend="django.contrib.auth.backends.ModelBackend")
    assert "Changed since they signed" not in client.get(postmortem.get_absolute_url()).text
    services.save_section(postmortem=postmortem, key="summary", body="It broke, twice.", version=1, by=dev)
    page = client.get(postmortem.get_absolute_url()).text
    assert "Changed since they signed" in page
    assert f"by {dev}" in page
    services.sign_off(postmortem=postmortem, by=dev)
    assert client.get(postmortem.get_absolute_url()).text.count("Changed since they signed") == 1
