"""Writing in the browser: it saves by itself, two people lose no word, the coach advises and can be set aside."""

import pytest

from postmortems import services
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db

FIELD = 'id="body-summary"'
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


def typed(writer, postmortem, body, version):
    return writer.post(at(postmortem, "autosave/"), {"body": body, "version": version})


def test_while_one_types_it_is_saved_and_answered_with_the_version(writer, postmortem):
    answer = typed(writer, postmortem, "One.\r\nTwo.", 0).json()
    assert (answer["version"], answer["edits"]) == (1, [])
    assert answer["said"].startswith("Saved as version 1 at ")
    assert section(postmortem).body == "One.\nTwo."


def test_what_others_wrote_meanwhile_comes_back_as_edits_counted_as_browsers_do(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="🔥 one two", version=0, by=None)
    services.save_section(postmortem=postmortem, key="summary", body="🔥 one more two", version=1, by=None)
    answer = typed(writer, postmortem, "🔥 one two three", 1).json()
    assert (answer["version"], answer["edits"]) == (3, [[7, 7, "more "]])
    assert section(postmortem).body == "🔥 one more two three"


def test_who_has_nothing_to_save_gets_what_others_wrote_and_makes_no_version(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="One.", version=0, by=None)
    answer = typed(writer, postmortem, "", 0).json()
    assert (answer["version"], answer["edits"]) == (1, [[0, 0, "One."]])
    assert section(postmortem).version == 1


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_stands_twice(writer, postmortem):
    for _ in range(2):
        assert typed(writer, postmortem, "One two ", 0).json()["version"] == 1
    services.save_section(postmortem=postmortem, key="summary", body="One two three ", version=1, by=None)
    assert typed(writer, postmortem, "One two ", 0).json()["edits"] == [[8, 8, "three "]]
    assert section(postmortem).body == "One two three "


def test_who_changed_the_same_words_sees_both_texts_and_nothing_is_overwritten(writer, postmortem):
    clashing(postmortem)
    answer = typed(writer, postmortem, "It was dead.", 1)
    assert answer.status_code == 409
    told = answer.json()
    assert told["version"] == 2
    assert "It was down." in told["html"] and "It was dead." in told["html"]
    assert told["together"] == [[7, 7, "down. "]] and told["theirs"] == [[7, 12, "down."]]
    assert section(postmortem).body == "It was down."


@pytest.mark.parametrize(("body", "wrong"), [("x" * 2_000_000, "2000000 characters"), ("nul\x00", "Null characters")])
def test_what_cannot_be_kept_is_refused_with_a_reason_and_changes_nothing(writer, postmortem, body, wrong):
    answer = typed(writer, postmortem, body, 0)
    assert answer.status_code == 422 and wrong in answer.json()["errors"][0]
    assert section(postmortem).version == 0


def clashing(postmortem):
    for version, text in enumerate(("It was slow.", "It was down.")):
        services.save_section(postmortem=postmortem, key="summary", body=text, version=version, by=None)


def test_after_saving_the_section_is_answered_as_one_reads_it(writer, postmortem):
    answer = writer.post(at(postmortem), {"body": "**One.**", "version": 0}, headers=HTMX)
    assert "<strong>One.</strong>" in answer.text and FIELD not in answer.text


def test_without_javascript_two_texts_that_do_not_clash_are_both_saved(writer, postmortem):
    services.save_section(postmortem=postmortem, key="summary", body="Theirs.", version=0, by=None)
    assert writer.post(at(postmortem), {"body": "Mine.", "version": 0}).status_code == 302
    assert section(postmortem).body == "Theirs.\nMine."


def test_without_javascript_both_texts_are_shown_and_the_field_holds_the_words_of_both(writer, postmortem):
    clashing(postmortem)
    page = writer.post(at(postmortem), {"body": "It was dead.", "version": 1})
    assert page.status_code == 409
    assert ">\nIt was down. dead.</textarea>" in page.text
    assert 'name="merged" value="2"' in page.text
    assert 'name="version" value="1"' in page.text  # goes on being refused until they have seen it
    assert section(postmortem).body == "It was down."


def test_saving_the_merged_text_names_the_version_that_was_seen(writer, postmortem):
    clashing(postmortem)
    writer.post(at(postmortem), {"body": "It was down, and dead.", "version": 1, "merged": 2})
    assert section(postmortem).body == "It was down, and dead."


def test_a_third_text_that_came_meanwhile_is_shown_again(writer, postmortem):
    clashing(postmortem)
    services.save_section(postmortem=postmortem, key="summary", body="It was gone.", version=2, by=None)
    answer = writer.post(at(postmortem), {"body": "It was dead.", "version": 1, "merged": 2}, headers=HTMX)
    assert answer.status_code == 409 and "It was gone." in answer.text


def test_what_is_too_long_is_refused_and_stays_in_the_field(writer, postmortem):
    answer = writer.post(at(postmortem), {"body": "x" * 2_000_000, "version": 0})
    assert answer.status_code == 422
    assert "2000000 characters" in answer.text and "x" * 2_000_000 in answer.text
    assert section(postmortem).version == 0


def test_what_is_published_is_not_edited(writer):
    postmortem = published(resolved())
    assert FIELD not in writer.get(f"/postmortems/{postmortem.number}/?edit=summary").text
    answer = writer.post(at(postmortem), {"body": "Other.", "version": 1})
    assert answer.status_code == 422 and "reopen it" in answer.text


def test_an_edit_in_review_says_whose_sign_off_is_asked_for_again(writer):
    postmortem = reviewed(resolved())
    assert "sign-offs are asked for again" in typed(writer, postmortem, "Other.", 1).json()["said"]


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


def test_what_somebody_writes_is_never_run(writer, postmortem):
    text = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    services.save_section(postmortem=postmortem, key="summary", body=text, version=0, by=None)
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    assert "<script>alert" not in page and "onerror" not in page and "javascript:" not in page
