"""Rules that say which service a sender means."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.mapping import MOST_RULES, Rule, complaints, first_match, fits, read_rules, said

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)
PLAIN = st.text("abcXYZ/-._:", min_size=1, max_size=20)
SOMETHING = st.builds(said, name=TEXT, repository=TEXT, job=TEXT, labels=st.dictionaries(TEXT, TEXT, max_size=3))
RULES = st.lists(st.builds(Rule, st.sampled_from(["name", "repository", "tag", "label:team"]), TEXT, PLAIN), max_size=8)


def says(**told):
    return said(**told)


@pytest.mark.parametrize(
    ("field", "pattern", "told"),
    [
        ("name", "shop-*", {"name": "Shop-Prod"}),
        ("repository", "acme/*", {"repository": "ACME/team/web"}),
        ("repository", "acme/web", {"labels": {"repository": "acme/web"}}),
        ("environment", "prod*", {"labels": {"env": "production"}}),
        ("job", "node?exporter", {"labels": {"job": "node-exporter"}}),
        ("label:Team", "pay*", {"labels": {"team": "Payments"}}),
        ("tag", "service:web", {"tags": ["env:prod", "service:web"]}),
        ("tag", "team:*", {"labels": {"team": "payments"}}),
        ("tag", "urgent", {"labels": {"urgent": ""}}),
        ("name", "[ab]pi", {"name": "bpi"}),
    ],
)
def test_a_rule_fits_what_was_said_in_any_case_of_letters(field, pattern, told):
    assert fits(Rule(field, pattern, "web"), says(**told))


@pytest.mark.parametrize(
    ("field", "pattern", "told"),
    [
        ("name", "shop", {"name": "shop-prod"}),
        ("name", "*", {"repository": "acme/web"}),
        ("label:team", "*", {"labels": {"squad": "payments"}}),
        ("tag", "web", {"tags": ["service:web"]}),
    ],
)
def test_a_rule_does_not_fit_what_was_not_said(field, pattern, told):
    assert not fits(Rule(field, pattern, "web"), says(**told))


def test_the_first_rule_that_fits_decides():
    rules = [Rule("name", "x", "one"), Rule("repository", "acme/*", "two"), Rule("repository", "*", "three")]
    assert first_match(rules, says(repository="acme/web")) == "two"
    assert first_match(rules, says(repository="other/web")) == "three"
    assert first_match(rules, says(name="web")) == ""


@given(RULES, SOMETHING)
def test_what_decides_is_the_first_rule_that_would_fit_alone(rules, told):
    alone = [rule.service for rule in rules if fits(rule, told)]
    assert first_match(rules, told) == (alone[0] if alone else "")


@given(RULES, SOMETHING)
def test_a_rule_behind_the_one_that_decides_changes_nothing(rules, told):
    decided = first_match(rules, told)
    if decided:
        assert first_match([*rules, Rule("name", "*", "other")], told) == decided


@given(PLAIN)
def test_what_is_written_out_fits_itself_and_a_star_fits_it_too(text):
    for pattern in (text, text.upper(), text.lower(), "*", f"*{text[-1]}", f"{text[0]}*"):
        assert fits(Rule("name", pattern, "web"), says(name=text))


@given(TEXT, TEXT)
def test_a_glob_means_what_it_means_in_a_shell(pattern, text):
    expected = fnmatch.fnmatchcase(text.casefold(), pattern.strip().casefold())
    assert fits(Rule("name", pattern, "web"), says(name=text)) == expected


def test_a_pattern_full_of_stars_takes_no_longer():
    assert not fits(Rule("name", "*a" * 100, "web"), says(name="a" * 99 + "b" * 10_000))


@pytest.mark.parametrize(
    ("rule", "part", "sentence"),
    [
        (Rule("colour", "x", "web"), "field", "“colour” is not something senders say; use name, repository, tag"),
        (Rule("label:", "x", "web"), "field", "names no label"),
        (Rule("label:" + "x" * 101, "x", "web"), "field", "has 101 characters"),
        (Rule("name", " ", "web"), "pattern", "This is empty"),
        (Rule("name", "x" * 201, "web"), "pattern", "has 201 characters; use 200 at most"),
        (Rule("name", "x", ""), "service", "This is empty"),
        (Rule("name", "x", "ghost"), "service", "There is no service “ghost”; create it first"),
    ],
)
def test_a_rule_that_cannot_be_says_what_is_wrong_with_which_part(rule, part, sentence):
    [(found, said_of_it)] = complaints(rule, {"web"})
    assert found == part
    assert sentence in said_of_it


@pytest.mark.parametrize("field", ["name", "Repository", "tag", "environment", "job", "label:team", "Label:Team"])
def test_a_rule_that_can_be_has_nothing_wrong(field):
    assert not list(complaints(Rule(field, "x*", "web"), {"web"}))


def test_no_rules_are_stored_as_nothing():
    assert read_rules(None) == []
    assert read_rules([{"field": "name", "pattern": "x", "service": "web"}]) == [Rule("name", "x", "web")]
    assert MOST_RULES == 200
