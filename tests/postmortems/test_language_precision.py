"""The coach is right when it speaks. Levels are those measured on sentences that no rule was fitted to."""

import pytest

from postmortems.language import Category
from tests.postmortems.labelled import Labelled, load, precision_and_recall

TUNING = load("tuning")
HELD_OUT = load("held_out")


@pytest.mark.parametrize("labelled", TUNING, ids=lambda labelled: labelled.sentence[:60])
def test_a_sentence_the_rules_were_fitted_to_gets_exactly_its_label(labelled: Labelled):
    assert labelled.found == labelled.expected


def test_nine_in_ten_warnings_are_right_on_sentences_not_seen_before():
    precision, recall = precision_and_recall(HELD_OUT)

    assert precision >= 0.95
    assert recall >= 0.93


def test_the_labelled_sentences_are_many_and_half_of_them_are_traps():
    everything = TUNING + HELD_OUT
    traps = [each for each in everything if not each.expected]

    assert len({each.sentence for each in everything}) == len(everything) >= 400
    assert len(traps) >= len(everything) / 2


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("part", [TUNING, HELD_OUT], ids=["tuning", "held out"])
def test_every_category_is_found_in_both_parts(part: list[Labelled], category: Category):
    assert any(category.value in each.found & each.expected for each in part)
