"""The coach's notes keep to their words, in the text field and in the rendered text."""

from postmortems.language import check
from postmortems.text.margin import notes, planted, underlined


def test_a_note_counts_as_javascript_does_after_an_emoji():
    text = "🔥 Ana should have checked."
    (note,) = notes(text, check(text), name="impact")
    assert text.encode("utf-16-le")[note.start * 2 : note.end * 2].decode("utf-16-le") == note.finding.text
    assert note.id == "impact-1"


def test_the_words_of_a_note_are_underlined_where_they_stand():
    text = "Ana should have checked."
    found = check(text)
    html = f"<p>{planted(text, found)}</p>"
    assert underlined(html, ["s-1"]) == f'<p>Ana <mark class="coach-mark" id="mark-s-1">{found[0].text}</mark>' + (
        text[found[0].end :] + "</p>"
    )


def test_a_passage_across_elements_is_one_mark_in_each_and_never_breaks_them():
    html = "<p><strong>\ue000\ue100should</strong> have\ue001 checked</p>"
    assert underlined(html, ["s-1"]) == (
        '<p><strong><mark class="coach-mark" id="mark-s-1">should</mark></strong>'
        '<mark class="coach-mark"> have</mark> checked</p>'
    )


def test_signs_that_came_into_an_attribute_are_taken_out_again():
    assert underlined('<a title="\ue000\ue100x\ue001">y</a>', ["s-1"]) == '<a title="x">y</a>'
