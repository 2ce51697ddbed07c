"""The coach's notes keep to their words, in the text field and in the rendered text."""

from hypothesis import given
from hypothesis import strategies as st

from postmortems.language import check
from postmortems.margin import notes, planted, underlined
from postmortems.merging import differences, union


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


words = st.lists(st.sampled_from(["one", "two", "three", "", "four five"]), max_size=8).map("\n".join)


@given(words, words)
def test_both_together_lose_no_line_of_either(theirs, mine):
    together = union(theirs, mine).split("\n")
    for text in (theirs, mine):
        rest = iter(together)
        assert all(line in rest for line in text.split("\n"))  # in order, too


@given(words, words)
def test_differences_lead_from_the_old_text_to_the_new_one(old, new):
    pieces = differences(old, new)
    assert "".join(p.text for p in pieces if p.kind != "in") == old
    assert "".join(p.text for p in pieces if p.kind != "out") == new
