"""The list for somebody on call: what one sees, typed as it comes, and the way around beside it; articles likewise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import services
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    problem = services.open_problem(
        title="The night batch takes every connection",
        symptoms="Checkout returns 500s\nCarts do not load",
        workaround="Pause the **batch**.",
        effectiveness="full",
        services=[ServiceFactory(slug="checkout", name="Checkout")],
        by=None,
    )
    return services.mark_known_error(problem=problem, cause_notes="known", by=None)


@pytest.fixture
def reader(client):
    client.force_login(PersonFactory())
    return client


@pytest.mark.parametrize("q", ["carts", "Carts do not load", "chekout 500", "batch conection", "returning 500s", ""])
def test_a_symptom_finds_it_with_the_way_around(known, reader, q):
    page = reader.get("/problems/", {"known_errors": "1", "q": q}).text
    assert known.title in page and "<strong>batch</strong>" in page and "takes the harm away" in page


@pytest.mark.parametrize("given", [{"q": "printer"}, {"service": "search"}, {"category": "security"}])
def test_what_is_not_like_it_does_not(known, reader, given):
    ServiceFactory(slug="search")
    page = reader.get("/problems/", {"known_errors": "1"} | given).text
    assert known.title not in page and "No known error is like that" in page


def test_what_is_only_suspected_or_private_is_no_known_error_here(reader):
    services.open_problem(title="Suspected", symptoms="Carts", by=None)
    hidden = services.open_problem(title="Hidden", incidents=[IncidentFactory(private=True)], by=None)
    services.mark_known_error(problem=hidden, cause_notes="known", by=None)
    page = reader.get("/problems/?known_errors=1").text
    assert "Suspected" not in page and "Hidden" not in page


def test_the_api_finds_problems_and_articles_by_what_one_sees(known, api):
    services.write_article(title="Pause the batch", issue="Carts do not load", by=None)
    client = api(PersonFactory())
    assert client.get("/api/v1/problems/?known_error=true&q=cart").json()["results"][0]["symptoms"] == known.symptoms
    assert client.get("/api/v1/problems/?q=printer").json()["results"] == []
    assert len(client.get("/api/v1/knowledge/?q=cartz").json()["results"]) == 1


def test_an_article_keeps_its_versions(reader, api):
    ana, bo = PersonFactory(name="Ana"), PersonFactory(name="Bo")
    article = services.write_article(title="Restart", issue="It hangs", by=ana)
    services.edit_article(article=article, issue="It hangs at night", by=bo)
    page = reader.get(f"/knowledge/{article.number}/history/").text
    assert "Version 2" in page and "Bo" in page and "<ins>" in page
    versions = api(ana).get(f"/api/v1/knowledge/{article.number}/versions/").json()
    assert [one["issue"] for one in versions] == ["It hangs at night", "It hangs"]


def test_an_article_written_before_versions_were_kept_keeps_its_first(reader):
    article = services.write_article(title="Restart", issue="It hangs", by=None)
    article.history.all().delete()
    services.edit_article(article=article, issue="It hangs at night", by=None)
    assert article.history.count() == 2


def test_still_right_moves_the_date_on(reader, api):
    soon = timezone.localdate() + timedelta(days=30)
    article = services.write_article(title="x", issue="x", review_on=timezone.localdate(), by=None)
    assert "Its date of review has come" in reader.get(f"/knowledge/{article.number}/").text
    assert reader.post(f"/knowledge/{article.number}/still-right/", {"review-next_on": ""}).status_code == 302
    article.refresh_from_db()
    assert article.reviewed_at and (article.review_on - timezone.localdate()).days == 182
    client, here = api(PersonFactory()), f"/api/v1/knowledge/{article.number}/still-right/"
    assert client.post(here, {"next_on": soon.isoformat()}, format="json").json()["review_on"] == soon.isoformat()
    assert client.post(here, {"next_on": "2020-01-01"}, format="json").status_code == 400


def test_articles_of_each_kind_begin_with_their_headings(reader):
    story = reader.get("/knowledge/new/?kind=story").text
    assert "I want" in story and "Acceptance criteria" in story
    assert "## Measure" in reader.get("/knowledge/new/?kind=requirement").text
    assert "## Steps" in reader.get("/knowledge/new/?kind=runbook").text


def test_an_article_for_a_team_is_not_found_by_others(reader):
    services.write_article(title="Ours", issue="Carts", audience="team", team=TeamFactory(), by=None)
    assert "Ours" not in reader.get("/knowledge/?q=carts").text
