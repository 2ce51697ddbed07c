"""Two texts that grew from one, put together: no word of either is lost."""

import time
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.text.differences import Edit, changes, differences, edits, split
from postmortems.text.merging import Merge, merge

WORDS = st.sampled_from(
    ["one", "two", "three", "four", "five", "six", " ", " ", "  ", "\n", "\n\n", "- ", "🔥", "\r\n"]
)
TEXTS = st.lists(WORDS, max_size=14).map("".join)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "both"),
    [
        ("a b c", "x a b c", "a b c y", "x a b c y"),
        ("a b c", "a x c", "a b c y", "a x c y"),
        ("one\ntwo", "one!\ntwo", "one\ntwo?", "one!\ntwo?"),
        ("end ", "end a1 ", "end b1 ", "end a1 b1 "),  # the very same place
        ("end", "end a1", "end b1", "end a1 b1"),
        ("", "a1 ", "b1 ", "a1 \nb1 "),  # on an empty line each has a line
        ("- a\n", "- a\n- b\n", "- a\n- c\n", "- a\n- b\n- c\n"),
        ("a b", "a b new", "a b new", "a b new"),  # the same twice stands once
        ("x ", "x a1 ", "x a1 a2 ", "x a1 a2 "),  # … also where one went on
        ("x ", "x b1 a1 ", "x a1 ", "x b1 a1 "),
        ("a b c d", "a d", "a b d", "a d"),  # both took out
        ("abc b", "abc b a1", "abc b1", "abc b1 a1"),  # one ends a word while the other writes after it
        ("the end", "the ender", "the ending", "the ender ending"),
        ("a  b", "a x b", "a y b", "a x y b"),
        ("a \nb", "a c \nb", "a d\nb", "a c d\nb"),
    ],
)
def test_what_needs_no_decision_is_put_together(base, theirs, mine, both):
    assert merge(base, theirs, mine) == Merge(both, True)


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "proposal"),
    [
        ("it was down", "it was slow", "it was dead", "it was slow dead"),
        ("one two three", "one three", "one twice three", "one twice three"),  # taken out, and changed
        ("a b c d", "a d", "a b x c d", "a b x c d"),
        (
            "The disk was full.",
            "The disk filled up.",
            "The disk was empty.",
            "The disk filled up. was empty.",
        ),
    ],
)
def test_where_both_changed_the_same_words_somebody_looks_and_the_proposal_has_both(base, theirs, mine, proposal):
    merged = merge(base, theirs, mine)
    assert not merged.clean
    assert set(split(merged.text)) >= set(split(proposal))


@given(TEXTS, TEXTS)
def test_where_only_one_wrote_their_text_stands_as_it_is(base, text):
    assert merge(base, base, text) == Merge(text, True)
    assert merge(base, text, base) == Merge(text, True)
    assert merge(base, text, text) == Merge(text, True)


@given(TEXTS, TEXTS, TEXTS)
def test_every_word_that_either_put_in_is_there(base, theirs, mine):
    merged = merge(base, theirs, mine)
    there = Counter(merged.text.split())
    for text in (theirs, mine):
        put_in = Counter(text.split()) - Counter(base.split())
        assert all(there[word] for word in put_in), merged


@given(TEXTS, TEXTS, TEXTS)
def test_words_that_nobody_touched_stand_once(base, theirs, mine):
    kept = " ".join(f"kept{place}" for place in range(3))
    merged = merge(f"{base}\n{kept}\n{base}", f"{theirs}\n{kept}\n{base}", f"{base}\n{kept}\n{mine}")
    assert merged.text.count(kept) == 1


PLACES = st.lists(st.integers(0, 12), max_size=5, unique=True)


@given(PLACES, PLACES)
def test_what_two_only_added_is_clean_and_each_word_stands_once(here, there):
    base = [f"w{place}" for place in range(12)]

    def with_words(name, places):
        text = list(base)
        for place in sorted(places, reverse=True):
            text.insert(place, f"{name}{place}")
        return " ".join(text)

    merged = merge(" ".join(base), with_words("a", here), with_words("b", there))
    assert merged.clean
    expected = [*base, *(f"a{p}" for p in here), *(f"b{p}" for p in there)]
    assert Counter(merged.text.split()) == Counter(expected)


@given(TEXTS, TEXTS)
def test_differences_lead_from_the_old_text_to_the_new_one(old, new):
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == new


@given(TEXTS, TEXTS)
def test_edits_make_the_new_text_of_the_old_one_counting_as_browsers_do(old, new):
    units = old.encode("utf-16-le")
    done, position = b"", 0
    for start, end, text in edits(old, new):
        assert position <= start <= end
        done += units[position * 2 : start * 2] + text.encode("utf-16-le")
        position = end
    assert (done + units[position * 2 :]).decode("utf-16-le") == new


def test_an_edit_after_a_flame_counts_it_as_two():
    assert edits("🔥 a", "🔥 b") == [Edit(3, 4, "b")]


def test_space_between_two_changed_words_belongs_to_the_change():
    assert changes(split("a b c d"), split("a x y d")) == [(2, 5, ["x", " ", "y"])]


@pytest.mark.parametrize("vocabulary", [2, 30, 4000])
def test_long_texts_are_put_together_in_a_moment(vocabulary):
    random = Random(vocabulary)
    words = [f"w{random.randrange(vocabulary)}" for _ in range(40_000)]

    def edited(name):
        text = list(words)
        for number in range(300):
            text[random.randrange(len(text))] = f"{name}{number}"
        return " ".join(text)

    theirs, mine = edited("a"), edited("b")
    began = time.process_time()
    merged = merge(" ".join(words), theirs, mine)
    assert time.process_time() - began < 2
    there = set(merged.text.split())
    assert all(word in there for text in (theirs, mine) for word in text.split() if word[0] in "ab")
