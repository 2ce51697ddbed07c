"""Trends: each figure says one sentence, shows its n and definition, and leads to its rows."""

from datetime import UTC, datetime, timedelta

import pytest

from postmortems import services
from postmortems.metrics import ActionRow, Period, PostmortemRow, factor_share, overdue_actions
from postmortems.sentences import sentence
from postmortems.trends import FIGURES
from tests.factories import ServiceFactory
from tests.postmortems.cases import member, published, resolved

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH = Period(NOON - timedelta(days=30), NOON)


def postmortems(count, with_factor):
    at = NOON - timedelta(days=1)
    return [PostmortemRow(n, "x", at, ("config",) if n < with_factor else ("data",)) for n in range(count)]


def test_the_share_of_a_factor_is_compared_with_the_period_before():
    names = {"config": "Configuration", "data": "Data"}
    now = factor_share(postmortems(31, 16), MARCH, names)
    before = factor_share(postmortems(20, 12), MARCH, names)
    assert sentence(now, before) == (
        "Configuration had a part in 16 of 31 post-mortems, 4 more than in the period before (12 of 20)."
    )


def test_overdue_actions_name_the_team_that_has_most_and_never_a_person():
    rows = [ActionRow(n, "x", team, "accepted", (NOON - timedelta(days=9)).date()) for n, team in enumerate("AAB")]
    assert sentence(overdue_actions(rows, MARCH)) == "3 actions are overdue, 2 of them of A; the oldest by 9 days."


@pytest.fixture
def reader(client):
    client.force_login(member("ops"))
    return client


@pytest.mark.django_db
def test_every_figure_stands_there_with_its_definition_rows_and_csv(reader):
    page = reader.get("/trends/")
    cards = page.context["cards"]
    assert len(cards) == len(FIGURES)
    for card in cards:
        assert card["sentence"].endswith(".") and card["definition"]
        assert reader.get(card["rows_url"]).status_code == 200
        csv = reader.get(card["csv_url"])
        assert csv.status_code == 200 and csv["Content-Type"].startswith("text/csv")


@pytest.mark.django_db
def test_service_and_period_narrow_every_figure_and_its_rows(reader):
    published(resolved(title="Of checkout", services=[ServiceFactory(slug="checkout")]))
    published(resolved(title="Of search", services=[ServiceFactory(slug="search")]))
    rows = reader.get("/trends/coverage/?service=checkout&days=30").content.decode()
    assert "Of checkout" in rows and "Of search" not in rows


@pytest.mark.django_db
def test_a_service_that_does_not_exist_is_refused_with_a_sentence(reader):
    answer = reader.get("/trends/?service=nowhere")
    assert answer.status_code == 422 and "is no service" in answer.content.decode()
    assert reader.get("/trends/nothing/").status_code == 404


@pytest.mark.django_db
def test_a_private_incident_is_in_nobody_elses_rows(reader):
    published(resolved(title="Behind closed doors", private=True))
    assert "Behind closed doors" not in reader.get("/trends/coverage/").content.decode()


@pytest.mark.django_db
def test_search_shows_what_is_found_by_kind(reader):
    services.open_problem(title="Pools run dry", by=None)
    page = reader.get("/search/?q=pools").content.decode()
    assert "Pools run dry" in page and "Problems" in page
    assert "Nothing found" in reader.get("/search/?q=zzzz").content.decode()
    assert reader.get("/search/?q=" + "x" * 300).status_code == 422
