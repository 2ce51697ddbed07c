"""Writing in the browser: it saves by itself, two people lose no word, the coach advises and can be set aside."""

import pytest

from postmortems import services
from postmortems.models import SectionRevision
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def writer(client):
    client.force_login(member("dev"))
    return client


@pytest.fixture
def postmortem():
    return services.open_postmortem(incidents=[resolved()])


def section(postmortem, key="summary"):
    return postmortem.sections.get(key=key)


def at(postmortem, rest=""):
    return f"/postmortems/{postmortem.number}/sections/summary/{rest}"


def test_without_javascript_a_form_saves_and_leads_back_to_the_section(writer, postmortem):
    form = writer.get(f"/postmortems/{postmortem.number}/?edit=summary").text
    assert 'name="body"' in form and 'name="version" value="0"' in form
    answer = writer.post(at(postmortem), {"body": "One.\r\nTwo.", "version": 0})
    assert answer.url == f"/postmortems/{postmortem.number}/#s-summary"
    assert section(postmortem).body == "One.\nTwo."


def test_while_one_types_only_the_line_below_the_field_is_answered(writer, postmortem):
    answer = writer.post(at(postmortem, "?typing"), {"body": "One.", "version": 0}, headers=HTMX)
    assert 'name="version" value="1"' in answer.text and "Saved as version 1" in answer.text
    assert "textarea" not in answer.text


def test_after_saving_the_section_is_answered_as_one_reads_it(writer, postmortem):
    answer = writer.post(at(postmortem), {"body": "**One.**", "version": 0}, headers=HTMX)
    assert "<strong>One.</strong>" in answer.text and "textarea" not in answer.text


def test_who_typed_on_an_old_version_sees_both_texts_and_nothing_is_overwritten(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Theirs.", version=0, by=None)
    answer = writer.post(at(postmortem, "?typing"), {"body": "Mine.", "version": 0}, headers=HTMX)
    assert answer.status_code == 409
    assert "Theirs." in answer.text and "Mine." in answer.text
    assert 'name="version" value="0"' in answer.text  # goes on being refused until they have seen it
    assert section(postmortem).body == "Theirs."


def test_without_javascript_the_field_then_holds_both(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Theirs.", version=0, by=None)
    page = writer.post(at(postmortem), {"body": "Mine.", "version": 0})
    assert page.status_code == 409
    assert ">\nTheirs.\nMine.</textarea>" in page.text
    assert 'name="merged" value="1"' in page.text


def test_saving_the_merged_text_names_the_version_that_was_seen(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Theirs.", version=0, by=None)
    writer.post(at(postmortem), {"body": "Theirs. Mine.", "version": 0, "merged": 1})
    assert section(postmortem).body == "Theirs. Mine."


def test_a_third_text_that_came_meanwhile_is_shown_again(writer, postmortem):
    for version, text in enumerate(("Theirs.", "Theirs, better.")):
        services.save_section(postmortem=postmortem, key="summary", body=text, version=version, by=None)
    answer = writer.post(at(postmortem), {"body": "Both.", "version": 0, "merged": 1}, headers=HTMX)
    assert answer.status_code == 409 and "Theirs, better." in answer.text


def test_what_is_too_long_is_refused_and_stays_in_the_field(writer, postmortem):
    answer = writer.post(at(postmortem), {"body": "x" * 200_001, "version": 0})
    assert answer.status_code == 422
    assert "200001 characters" in answer.text and "x" * 200_001 in answer.text


def test_what_is_published_is_not_edited(writer):
    postmortem = published(resolved())
    assert "textarea" not in writer.get(f"/postmortems/{postmortem.number}/?edit=summary").text
    answer = writer.post(at(postmortem), {"body": "Other.", "version": 1})
    assert answer.status_code == 422 and "reopen it" in answer.text


def test_an_edit_in_review_says_whose_sign_off_is_asked_for_again(writer):
    postmortem = reviewed(resolved())
    answer = writer.post(at(postmortem, "?typing"), {"body": "Other.", "version": 1}, headers=HTMX)
    assert "sign-offs are asked for again" in answer.text


def test_the_words_of_a_note_are_underlined_and_lead_to_each_other(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Ana should have checked.", version=0, by=None)
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    assert 'class="coach-mark" id="mark-summary-1"' in page
    assert 'href="#mark-summary-1"' in page and 'id="note-summary-1"' in page


def test_notes_on_a_text_that_is_being_typed_keep_nothing(writer, postmortem):
    answer = writer.post(at(postmortem, "notes/"), {"body": "🔥 Ana should have checked."}, headers=HTMX)
    assert 'data-start="7"' in answer.text  # a flame is two units to a browser
    assert section(postmortem).body == ""


def test_a_note_is_set_aside_with_a_reason_and_not_without(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Ana should have checked.", version=0, by=None)
    finding = services.coach(section(postmortem))[0]
    note = {"category": finding.category.value, "text": finding.text, "reason": ""}
    assert writer.post(at(postmortem, "dismiss/"), note, headers=HTMX).status_code == 422
    assert services.coach(section(postmortem))
    answer = writer.post(at(postmortem, "dismiss/"), note | {"reason": "It is quoted."}, headers=HTMX)
    assert answer.status_code == 200 and "note-summary-1" not in answer.text


def test_history_shows_one_sitting_as_one_change_and_restores_it(writer, postmortem):
    ana, bo = member("dev"), member("ops")
    for version, (text, by) in enumerate((("One", ana), ("One two", ana), ("One three", bo))):
        services.save_section(postmortem=postmortem, key="summary", body=text, version=version, by=by)
    page = writer.get(at(postmortem, "history/"))
    assert [(c.revision.version, c.versions) for c in page.context["changes"]] == [(3, 1), (2, 2)]
    assert "<del>two</del><ins>three</ins>" in page.text
    writer.post(at(postmortem, "history/2/restore/"))
    assert section(postmortem).body == "One two"
    assert SectionRevision.objects.filter(section=section(postmortem)).count() == 4


def test_what_somebody_writes_is_never_run(writer, postmortem):
    text = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    services.save_section(postmortem=postmortem, key="summary", body=text, version=0, by=None)
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    assert "<script>alert" not in page and "onerror" not in page and "javascript:" not in page
