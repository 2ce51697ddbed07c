"""Knowledge records: written, trusted, used; some are for one team only."""

from datetime import date

import pytest

from notifications.errors import InvalidInput
from postmortems import services
from postmortems.models import Article
from tests.factories import IncidentFactory, MembershipFactory, PersonFactory, ServiceFactory, TeamFactory

pytestmark = pytest.mark.django_db


def write(**fields):
    return services.write_article(**{"title": "Queue stands still", "issue": "Mails are late", "by": None} | fields)


def test_an_article_begins_as_a_draft_and_any_confidence_may_follow_any():
    article = write(services=[ServiceFactory()])
    assert article.confidence == "draft"
    for confidence in ("validated", "archived", "not_validated", "draft"):
        assert services.set_confidence(article=article, confidence=confidence, by=None).confidence == confidence
    with pytest.raises(InvalidInput, match="validated"):
        services.set_confidence(article=article, confidence="perfect", by=None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("issue", " "), ("kind", "poem"), ("audience", "world"), ("resolution", "nul\x00")],
)
def test_what_cannot_be_used_is_refused_by_field(field, value):
    with pytest.raises(InvalidInput) as refusal:
        write(**{field: value})
    assert list(refusal.value.errors) == [field]
    assert not Article.objects.exists()


def test_an_article_for_a_team_is_seen_by_its_members_and_its_writer():
    with pytest.raises(InvalidInput) as refusal:
        write(audience="team")
    assert list(refusal.value.errors) == ["team"]
    team, writer = TeamFactory(), PersonFactory()
    member, outsider = MembershipFactory(team=team).person, PersonFactory(role="administrator")
    article = write(audience="team", team=team, by=writer)
    for person, sees in ((member, True), (writer, True), (outsider, False)):
        assert Article.objects.visible_to(person).filter(pk=article.pk).exists() is sees


def test_editing_changes_what_is_given_and_says_when():
    article = write(resolution="Restart", services=[ServiceFactory()])
    edited = services.edit_article(article=article, by=None, cause="A lock", services=[])
    assert (edited.cause, edited.resolution, edited.services.count()) == ("A lock", "Restart", 0)
    assert edited.updated_at > article.updated_at


def test_each_incident_it_helped_in_is_one_use_and_stands_on_its_timeline():
    article, incident = write(), IncidentFactory()
    for _ in range(2):
        services.record_use(article=article, incident=incident, by=PersonFactory())
    assert article.uses.count() == 1
    entry = incident.timeline.get()
    assert (entry.kind, entry.data["url"]) == ("link", f"/knowledge/{article.number}/")


@pytest.mark.parametrize("on", [date(1628, 8, 10), date(2990, 1, 1)])
def test_a_review_of_another_age_is_refused(on):
    with pytest.raises(InvalidInput, match="no day for this"):
        services.write_article(title="Disk full", issue="Writes fail", review_on=on, by=None)
