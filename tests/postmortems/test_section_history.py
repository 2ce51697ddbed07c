"""The history of a section: sittings, not saves; any two versions compared; back to any, and back again."""

from datetime import UTC, datetime, timedelta

import pytest

from postmortems import services
from postmortems.models import SectionRevision
from postmortems.text.differences import Piece, shortened
from postmortems.text.sittings import Save, sittings
from tests.postmortems.cases import member, published, resolved

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA, BO, CY = 1, 2, 3


def versions(*saves):
    """The versions of each sitting; `saves` are (person, minutes after noon)."""
    told = [Save(number, by, NOON + timedelta(minutes=after)) for number, (by, after) in enumerate(saves, 1)]
    return [[save.version for save in sitting.saves] for sitting in sittings(told)]


def test_what_one_person_saves_without_a_long_pause_is_one_sitting():
    assert versions((ANA, 0), (ANA, 1), (ANA, 11), (ANA, 22)) == [[1, 2, 3], [4]]


def test_somebody_else_begins_a_sitting_of_their_own():
    assert versions((ANA, 0), (ANA, 1), (BO, 2), (BO, 3), (CY, 4)) == [[1, 2], [3, 4], [5]]


def test_two_who_take_turns_sit_together_until_a_pause():
    assert versions((ANA, 0), (BO, 1), (ANA, 2), (BO, 3), (ANA, 20), (BO, 21)) == [[1, 2, 3, 4], [5], [6]]


def test_who_comes_back_after_a_long_pause_does_not_sit_with_who_wrote_between():
    assert versions((ANA, 0), (BO, 30), (ANA, 31)) == [[1], [2], [3]]


def test_long_runs_that_stayed_are_shortened_to_the_words_around_a_change():
    same = Piece("same", "w " * 100)
    first, change, last = shortened([same, Piece("in", "new "), same], around=2)
    assert (first.text, change.text, last.text) == (" … w w ", "new ", "w w  … ")


@pytest.fixture
def writer(client):
    client.force_login(member("dev"))
    return client


@pytest.fixture
def postmortem():
    postmortem = services.open_postmortem(incidents=[resolved()])
    ana, bo = member("dev"), member("ops")
    for version, (text, by) in enumerate((("One", ana), ("One two", ana), ("One three", bo))):
        services.save_section(postmortem=postmortem, key="summary", body=text, version=version, by=by)
    return postmortem


def at(postmortem, rest=""):
    return f"/postmortems/{postmortem.number}/sections/summary/history/{rest}"


def test_the_page_shows_sittings_with_their_words(writer, postmortem):
    page = writer.get(at(postmortem))
    shown = [(e.version, e.versions, e.difference.added, e.difference.removed) for e in page.context["entries"]]
    assert shown == [(3, 1, 1, 1), (2, 2, 2, 0)]
    assert "<del>two</del><ins>three</ins>" in page.text and "+1 −1 words" in page.text


def test_any_two_versions_are_compared_and_a_version_that_is_not_there_is_named(writer, postmortem):
    assert "<del>One two</del>" in writer.get(at(postmortem, "?from=2&to=0")).text
    assert "<ins>three</ins>" in writer.get(at(postmortem, "?from=1&to=3")).text
    for query in ("?from=1&to=99", "?from=x&to=1", "?from=-1&to=1", "?from=1"):
        page = writer.get(at(postmortem, query))
        assert page.status_code == 200 and "give two numbers from 0 to 3" in page.text


def test_a_version_is_restored_and_that_can_be_undone(writer, postmortem):
    section = postmortem.sections.get(key="summary")
    answer = writer.post(at(postmortem, "2/restore/"), follow=True)
    assert f'action="{at(postmortem, "3/restore/")}"' in answer.text and "Undo" in answer.text
    section.refresh_from_db()
    assert section.body == "One two"
    writer.post(at(postmortem, "3/restore/"))
    section.refresh_from_db()
    assert section.body == "One three"
    assert SectionRevision.objects.filter(section=section).count() == 5  # nothing was deleted
    assert "Not what you meant" not in writer.get(at(postmortem, "?undo=1")).text  # somebody went on since


def test_what_is_published_is_not_restored(writer):
    done = published(resolved())
    assert "/restore/" not in writer.get(at(done)).text
    writer.post(at(done, "0/restore/"))
    assert done.sections.get(key="summary").version == 1
