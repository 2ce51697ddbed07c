"""What the language coach marks, to the character, and what it leaves alone."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.language import ADVICE, Category, check, summary


def marked(text: str, kind: str = "prose") -> list[tuple[str, str]]:
    return [(finding.category.value, finding.text) for finding in check(text, kind)]


@pytest.mark.parametrize(
    ("text", "category", "passage"),
    [
        ("Bo should have checked the dashboard.", "counterfactual", "should have checked"),
        ("The team shouldn’t have deployed.", "counterfactual", "shouldn’t have deployed"),
        ("This could have been avoided.", "counterfactual", "could have been avoided"),
        ("If only we had looked.", "counterfactual", "If only"),
        ("Had the engineer only looked, we would know.", "counterfactual", "Had the engineer only looked"),
        (
            "A lead operator noticed the high levels but failed to stop the pump.",
            "person_negative_verb",
            "failed to stop",
        ),
        ("The **on-call** engineer *forgot* it.", "person_negative_verb", "forgot"),
        ("The outage was due to human error.", "human_error", "human error"),
        ("The engineer was careless.", "character", "careless"),
        ("They should have known better.", "character", "should have known better"),
        ("It was Bo's fault.", "blame", "Bo's fault"),
        ("Bo broke prod.", "blame", "broke prod"),
        ("The engineer mistakenly ran it twice.", "normative", "mistakenly"),
        ("In hindsight, the plan had gaps.", "hindsight", "In hindsight"),
        ("The root cause was a typo.", "single_cause", "The root cause"),
        ("It worked fine until someone edited it.", "mechanistic", "worked fine until someone"),
        ("It was just a typo.", "minimising", "just a typo"),
        ("Why didn't Bo roll back?", "why_or_who", "Why didn't Bo"),
        ("Who approved this?", "why_or_who", "Who approved"),
    ],
)
def test_the_passage_is_marked_exactly(text: str, category: str, passage: str):
    assert marked(text) == [(category, passage)]


def test_offsets_are_those_of_the_original_in_code_points():
    text = "# Détection 🚨\n\n- `bo failed to check` … then **Bo** forgot it 🙃\n"

    (finding,) = check(text)

    assert text[finding.start : finding.end] == finding.text == "forgot"


def test_advice_says_why_and_asks_a_question():
    (finding,) = check("Bo ignored the page.")

    assert finding.to_dict() == {
        "start": 3,
        "end": 10,
        "category": "person_negative_verb",
        "text": "ignored",
        "why": ADVICE[Category.PERSON_NEGATIVE_VERB].why,
        "ask": "What in the work surfaced, or hid, this?",
    }
    assert set(ADVICE) == set(Category)
    assert len({category.label for category in Category}) == len(Category)
    assert all(advice.ask.endswith("?") for advice in ADVICE.values())


def test_the_summary_counts_by_category_the_most_frequent_first():
    findings = check("In hindsight Bo forgot it. Ana forgot it too.")

    assert list(summary(findings).items()) == [("person_negative_verb", 2), ("hindsight", 1)]
    assert summary([]) == {}


def test_a_single_cause_is_mentioned_once_a_document():
    text = "The root cause was a typo. Later, the root cause of the second failure was found."

    assert marked(text) == [("single_cause", "The root cause")]


def test_should_is_an_ordinary_word_in_an_action_and_trying_harder_is_not():
    assert marked("The engineers should have tested it", "action") == []
    assert marked("Be more careful", "action") == [("weak_action", "Be more careful")]
    assert marked("Be more careful", "prose") == []


@pytest.mark.parametrize(
    ("before", "they_failed"),
    [("The engineers were tired.", True), ("The pods were evicted.", False)],
)
def test_they_are_whoever_was_named_last(before: str, they_failed: bool):
    assert bool(marked(f"{before} They failed to notice the new host.")) is they_failed


@pytest.mark.parametrize(
    "phrase",
    [
        "The engineer on duty",
        "The team behind checkout",
        "Two of the operators",
        "The engineer (tired after two nights)",
        "The engineer, tired after two nights,",
        "The engineer who deployed the change on Friday",
        "Engineers working on the migration",
        "Priya Patel",
        "@priya",
        "We",
        "When the alert fired, the on-call engineer",
        "Bo and Ana",
    ],
)
def test_people_are_recognised_as_the_subject(phrase: str):
    assert marked(f"{phrase} failed to renew the certificate.") == [("person_negative_verb", "failed to renew")]


@pytest.mark.parametrize(
    "phrase",
    [
        "The Kubernetes operator",
        "The engineer dashboard",
        "The team service",
        "The script written by Bo",
        "The alert for the on-call engineer",
        "Engineers noticed that the proxy",
        "The team restarted the proxy, which",
        "Bo's script",
        "`certbot`",
        "[Bo](https://example.org/bo)",
        "Jenkins",
        "Travis",
        "One of the brokers",
        "Microsoft Teams",
    ],
)
def test_things_are_not_taken_for_people(phrase: str):
    assert marked(f"{phrase} failed to renew the certificate.") == []


def test_findings_are_in_reading_order_across_paragraphs():
    starts = [finding.start for finding in check("Bo forgot.\n\nIn hindsight Bo ignored it.\n\n- Ana broke prod")]

    assert len(starts) == 4
    assert starts == sorted(starts)


_WORDS = "Bo the engineer failed to forgot should have checked been and who they by that Why did not simply obviously"
_MARKS = ", . ? ( ) ` ``` \" ' “ ” > - # | |-| <b> <!-- [a](b) ’s 🙃 İ"
_FRAGMENTS = st.sampled_from([f"{word} " for word in f"{_WORDS} 12:03".split()]) | st.sampled_from(
    [*_MARKS.split(), "\n", "\n\n", "    "]
)


@given(st.one_of(st.text(), st.lists(_FRAGMENTS).map("".join)), st.sampled_from(["prose", "action"]))
def test_any_text_gets_findings_that_lie_in_it(text: str, kind: str):
    findings = check(text, kind)

    assert check(text, kind) == findings
    assert findings == sorted(findings, key=lambda finding: finding.start)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
    for category in Category:
        spans = [(each.start, each.end) for each in findings if each.category is category]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    "unit",
    ["should ", "should not have been really ", "and forgot ", "`", '"', "'a ", "[", "<a", "<!--", "“", "|-", "a@", "1",
     "noticed and failed to and ignored but ", "which that who ", "We took down the site ", "they failed to ",
     "The failure of the ", "the root cause of a b c d e f g ", "Bo should have been ", "…", "![", "not because that ",
     "We simply restarted it and ", "\n", "12:03 ", "> ", "-", "Bo, ", "a|b\n-|-\n"],
)  # fmt: skip
def test_time_grows_with_the_length_of_the_text_and_not_with_its_square(unit: str):
    short, long = (_seconds(unit * (size // len(unit))) for size in (12_500, 50_000))

    assert long < 8 * short + 0.1  # four times the text: four times the work, sixteen times if it were quadratic


def _seconds(text: str) -> float:
    """Of this process's own work, the best of three."""
    measured = []
    for _ in range(3):
        begun = time.process_time()
        check(text)
        measured.append(time.process_time() - begun)
    return min(measured)
