"""One search over everything, by words, their beginnings and numbers."""

import pytest

from notifications.errors import InvalidInput
from postmortems import services
from postmortems.finding.search import search
from tests.factories import ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def labels(q):
    return {kind: [hit.label for hit in hits] for kind, hits in search(q, PersonFactory()).items()}


def test_each_kind_is_found_by_its_words():
    incident = IncidentFactory(title="Checkout is slow", summary="A lantern was seen")
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    services.save_section(postmortem=postmortem, key="impact", body="No lantern burned.", version=0, by=None)
    problem = services.open_problem(title="Lanterns go out", by=None)
    article = services.write_article(title="Relight", issue="The lantern is dark", by=None)
    action = services.create_action(title="Buy a lantern", by=None)
    service = ServiceFactory(slug="light", name="Light", description="Keeps every lantern")
    change = ChangeFactory(description="Move the lantern")
    assert labels("lantern") == {
        "incidents": [f"#{incident.number}"],
        "postmortems": [f"PM{postmortem.number}"],
        "problems": [f"P{problem.number}"],
        "articles": [f"K{article.number}"],
        "actions": [f"A{action.number}"],
        "services": [service.slug],
        "changes": [change.revision[:12]],
    }


def test_the_beginning_of_a_word_is_enough():
    IncidentFactory(title="Kubernetes nodes are lost", number=7)
    assert labels("kuber nod") == {"incidents": ["#7"]}
    assert labels("kuber missing") == {}


def test_words_may_be_left_out_and_quoted():
    IncidentFactory(title="Queue of mails", number=7)
    IncidentFactory(title="Queue of payments", number=8)
    assert labels("queue -payments") == {"incidents": ["#7"]}
    assert labels('"queue of payments"') == {"incidents": ["#8"]}


def test_numbers_are_found_by_how_they_are_called():
    incident, problem = IncidentFactory(number=1), services.open_problem(title="x", by=None)
    article = services.write_article(title="x", issue="x", by=None)
    assert (problem.number, article.number) == (1, 1)
    assert labels("#1") == {"incidents": [f"#{incident.number}"]}
    assert labels("p1") == {"problems": ["P1"]}
    assert labels("K1") == {"articles": ["K1"]}
    assert set(labels("1")) == {"incidents", "problems", "articles"}
    assert labels("999999999") == {}


def test_changes_are_found_by_the_beginning_of_their_revision():
    change = ChangeFactory(revision="4f2a1c9deadbeef")
    assert labels("4f2a1c9") == {"changes": [change.revision[:12]]}


@pytest.mark.parametrize("q", ["", "   ", "\x00", "'", "& | !", "a:*", "((", "--", "<->", "%", "\\"])
def test_whatever_is_typed_is_answered(q):
    assert search(q, PersonFactory()) == {}


def test_too_much_is_refused():
    with pytest.raises(InvalidInput):
        search("x" * 201, PersonFactory())
