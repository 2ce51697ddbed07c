"""Writing sections: nobody's words are lost, every version is kept, the coach can be set aside."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from notifications.errors import Conflict, Forbidden, InvalidInput
from postmortems import services
from postmortems.models import Dismissal, SectionRevision
from tests.factories import IncidentFactory, PersonFactory
from tests.postmortems.cases import published, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def postmortem():
    return services.open_postmortem(incidents=[IncidentFactory()])


def save(postmortem, body, version, by=None, *, key="summary", merge=False):
    return services.save_section(postmortem=postmortem, key=key, body=body, version=version, by=by, merge=merge)


def test_each_text_is_a_version_with_its_writer(postmortem):
    writer = PersonFactory()
    assert save(postmortem, "  One\n", 0, writer).section.version == 1
    assert save(postmortem, "Two", 1).section.version == 2
    assert list(SectionRevision.objects.values_list("version", "body", "by")) == [
        (2, "Two", None),
        (1, "  One\n", writer.pk),
    ]


def test_who_writes_upon_an_older_version_gets_both_texts_and_changes_nothing(postmortem):
    save(postmortem, "Theirs", 0)
    with pytest.raises(services.StaleVersion) as refusal:
        save(postmortem, "Mine", 0)
    assert refusal.value.extra == {
        "current": {"version": 1, "body": "Theirs"},
        "yours": "Mine",
        "merged": "Theirs\nMine",
        "clean": True,
    }
    assert postmortem.sections.get(key="summary").body == "Theirs"
    assert SectionRevision.objects.count() == 1


def test_where_nothing_clashes_both_are_saved_together_if_asked(postmortem):
    save(postmortem, "It began at noon.", 0)
    save(postmortem, "It began at noon, in the east.", 1)
    saved = save(postmortem, "It all began at noon.", 1, merge=True).section
    assert (saved.version, saved.body) == (3, "It all began at noon, in the east.")


def test_what_was_saved_already_and_is_sent_again_stands_once(postmortem):
    save(postmortem, "One. ", 0)
    save(postmortem, "One. Two. ", 1)
    save(postmortem, "One. Two. Three. ", 2)
    assert save(postmortem, "One. Two. ", 1, merge=True).section.version == 3
    assert postmortem.sections.get(key="summary").body == "One. Two. Three. "


def test_where_both_changed_the_same_words_nothing_is_saved_and_the_proposal_has_both(postmortem):
    save(postmortem, "It was slow.", 0)
    save(postmortem, "It was down.", 1)
    with pytest.raises(services.StaleVersion) as refusal:
        save(postmortem, "It was dead.", 1, merge=True)
    assert refusal.value.extra["merged"] == "It was down. dead."
    assert not refusal.value.extra["clean"]
    assert postmortem.sections.get(key="summary").body == "It was down."


def test_a_section_that_began_with_a_text_keeps_that_as_version_0(postmortem):
    postmortem.sections.filter(key="summary").update(body="Brought in. ")
    save(postmortem, "Brought in. Theirs. ", 0)
    assert save(postmortem, "Mine. Brought in. ", 0, merge=True).section.body == "Mine. Brought in. Theirs. "
    restored = services.restore_revision(postmortem=postmortem, key="summary", version=0, by=None).section
    assert restored.body == "Brought in. "


@pytest.mark.parametrize("version", [7, 1])
def test_a_version_that_is_not_stored_is_stale_too_and_never_clean(postmortem, version):
    postmortem.sections.filter(key="summary").update(body="Theirs", version=2)
    with pytest.raises(services.StaleVersion) as refusal:
        save(postmortem, "Mine", version, merge=True)
    assert not refusal.value.extra["clean"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_instant_both_stand(postmortem):
    together = Barrier(2)

    def write(word):
        together.wait(5)
        save(postmortem, f"{word} ", 0, merge=True)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, ["one", "two"]))
    section = postmortem.sections.get(key="summary")
    assert section.version == 2
    assert sorted(section.body.split()) == ["one", "two"]


def test_the_same_text_again_is_no_new_version_whatever_it_was_written_upon(postmortem):
    save(postmortem, "Same", 0)
    assert save(postmortem, "Same", 0).section.version == 1


def test_an_earlier_text_can_be_made_the_newest_again(postmortem):
    save(postmortem, "First", 0)
    save(postmortem, "Second", 1)
    restored = services.restore_revision(postmortem=postmortem, key="summary", version=1, by=None).section
    assert (restored.version, restored.body) == (3, "First")
    emptied = services.restore_revision(postmortem=postmortem, key="summary", version=0, by=None).section
    assert (emptied.version, emptied.body) == (4, "")
    with pytest.raises(InvalidInput, match="no version 9"):
        services.restore_revision(postmortem=postmortem, key="summary", version=9, by=None)


def test_what_cannot_be_kept_or_found_is_refused(postmortem):
    for key, body in (("summary", "nul\x00"), ("summary", "x" * 200_001), ("nothing", "x")):
        with pytest.raises(InvalidInput):
            save(postmortem, body, 0, key=key)
    with pytest.raises(Forbidden):
        save(postmortem, "x", 0, PersonFactory(role="viewer"))


def test_editing_in_review_withdraws_the_sign_offs_and_says_whose():
    postmortem = reviewed(IncidentFactory())
    reviewers = {review.person for review in postmortem.reviews.all()}
    saved = save(postmortem, "Another text", 1)
    assert set(saved.withdrawn) == reviewers
    assert not postmortem.reviews.filter(signed_off_at__isnull=False).exists()
    assert save(postmortem, "And another", 2).withdrawn == ()


def test_what_is_published_is_reopened_before_it_is_changed():
    postmortem = published(IncidentFactory())
    with pytest.raises(Conflict, match="reopen"):
        save(postmortem, "Later", 1)


def test_the_coach_speaks_until_it_is_set_aside_with_a_reason(postmortem):
    section = save(postmortem, "The operator should have checked. It should have been simple.", 0).section
    before = services.coach(section)
    noted = next(finding for finding in before if finding.category == "counterfactual")
    with pytest.raises(InvalidInput):
        services.dismiss(section=section, category="counterfactual", text=noted.text, reason="", by=None)
    dismissal = services.dismiss(
        section=section, category=noted.category.value, text=noted.text, reason="A quotation", by=None
    )
    assert services.coach(section) == [finding for finding in before if finding.text != noted.text]
    assert not any(field.name in ("by", "person") for field in Dismissal._meta.get_fields())
    services.undismiss(dismissal=dismissal, by=None)
    assert services.coach(section) == before


def test_the_coach_reads_what_is_not_saved_yet(postmortem):
    section = postmortem.sections.get(key="summary")
    assert services.coach(section) == []
    assert services.coach(section, "Obviously it was human error.")
