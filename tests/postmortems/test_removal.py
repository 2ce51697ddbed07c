"""A factor that is still there asks for a problem record, before and after publishing, and blocks nothing."""

import pytest
from django.urls import reverse

from notifications.errors import Conflict, InvalidInput
from postmortems import services
from postmortems.models import Factor, Problem
from tests.factories import IncidentFactory, PersonFactory
from tests.postmortems.cases import published, resolved, reviewed

pytestmark = pytest.mark.django_db


def remaining(postmortem, user=None):
    user = user or PersonFactory()
    return [one.factor.key for one in services.not_removed(postmortem, user)]


def problem_about(key, **fields):
    problem = services.open_problem(title="Cause", by=None, **fields)
    Problem.objects.filter(pk=problem.pk).update(category=Factor.objects.get(key=key) if key else None)
    problem.refresh_from_db()
    return problem


def finding(postmortem, key="data"):
    return postmortem.findings.get(factor__key=key, kind="contributing")


def test_each_contributing_factor_remains_until_it_is_fixed_or_a_problem_sees_to_it():
    postmortem = published(resolved(), factors=("data", "configuration", "automation"))
    assert remaining(postmortem) == ["data", "configuration", "automation"]
    services.edit_factor(finding=finding(postmortem), fixed=True, by=None)
    services.link_factor(finding=finding(postmortem, "configuration"), problem=problem_about("configuration"), by=None)
    assert remaining(postmortem) == ["automation"]


def test_what_limited_the_harm_asks_for_nothing():
    postmortem = reviewed(resolved(), factors=())
    services.add_factor(postmortem=postmortem, factor="automation", kind="mitigating", by=None)
    assert remaining(postmortem) == []


def test_a_problem_of_another_category_does_not_see_to_it():
    postmortem = published(resolved())
    with pytest.raises(InvalidInput, match="not “Data”"):
        services.link_factor(finding=finding(postmortem), problem=problem_about("configuration"), by=None)
    problem_about("configuration", postmortem=postmortem)
    assert remaining(postmortem) == ["data"]


def test_a_problem_without_a_category_takes_this_one():
    postmortem = published(resolved())
    problem = services.link_factor(finding=finding(postmortem), problem=problem_about(None), by=None)
    assert (problem.category.key, remaining(postmortem)) == ("data", [])


def test_what_is_fixed_needs_no_problem():
    postmortem = published(resolved())
    fixed = services.edit_factor(finding=finding(postmortem), fixed=True, by=None)
    with pytest.raises(Conflict):
        services.link_factor(finding=fixed, problem=problem_about("data"), by=None)


def test_publishing_says_what_is_not_removed_and_offers_each_way(client):
    postmortem = reviewed(resolved(), factors=("data", "configuration"))
    by = postmortem.reviews.first().person
    other = problem_about("data")
    client.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("postmortems:transition", args=[postmortem.number]), {"to": "published"}, follow=True)
    assert answer.redirect_chain[0][0].endswith("#s-follow")
    assert "2 contributing factors are not removed yet" in answer.text
    assert f"/problems/new/?postmortem={postmortem.number}&amp;factor=data" in answer.text
    assert "Open or link 2 problems" in answer.text
    client.post(
        reverse("postmortems:link-factor", args=[postmortem.number, finding(postmortem).pk]), {"problem": other.number}
    )
    assert remaining(postmortem, by) == ["configuration"]


def test_a_problem_that_one_may_not_see_is_not_linked(client):
    postmortem = published(resolved())
    hidden = problem_about("data", incidents=[IncidentFactory(private=True)])
    client.force_login(PersonFactory(), backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("postmortems:link-factor", args=[postmortem.number, finding(postmortem).pk])
    assert client.post(address, {"problem": hidden.number}).status_code == 404
    assert client.post(address, {"problem": "x"}).status_code == 404
