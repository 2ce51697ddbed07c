"""By which methods somebody is told, and when: their rules, as far as these work; never by what was not verified."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oncall.paging.rules import AT_ONCE, Method, Rule, ways, working

MINUTE = timedelta(minutes=1)

delays = st.integers(0, 30).map(lambda n: n * MINUTE)
method_lists = st.lists(st.builds(Method, st.integers(1, 6), st.booleans(), st.booleans()), unique_by=lambda m: m.id)
rule_lists = st.lists(st.builds(Rule, st.sampled_from(["high", "low"]), st.integers(1, 6), delays), max_size=8)
urgencies = st.sampled_from(["high", "low"])


def good(methods):
    return {method.id for method in methods if method.verified and not method.refused}


@given(rule_lists, method_lists, urgencies)
def test_nobody_is_told_by_a_method_that_was_not_verified(rules, methods, urgency):
    verified = {method.id for method in methods if method.verified}
    assert {method for method, _ in ways(rules, methods, urgency)} <= verified


@given(rule_lists, method_lists, urgencies)
def test_whoever_has_a_verified_method_is_told(rules, methods, urgency):
    assert bool(ways(rules, methods, urgency)) == any(method.verified for method in methods)


@given(rule_lists, method_lists, urgencies)
def test_each_way_is_told_once_and_the_soonest_first(rules, methods, urgency):
    found = ways(rules, methods, urgency)
    assert [delay for _, delay in found] == sorted(delay for _, delay in found)
    assert len(set(found)) == len(found)


@given(rule_lists, method_lists, urgencies)
def test_the_first_message_comes_no_later_than_the_rules_ask_for(rules, methods, urgency):
    asked = [rule.delay for rule in rules if rule.urgency == urgency]
    if found := ways(rules, methods, urgency):
        assert found[0][1] <= min(asked, default=AT_ONCE)


@given(rule_lists, method_lists, urgencies)
def test_rules_whose_methods_work_are_kept_word_by_word_after_the_first(rules, methods, urgency):
    wanted = {(rule.method, rule.delay) for rule in rules if rule.urgency == urgency and rule.method in good(methods)}
    assert set(ways(rules, methods, urgency)[1:]) <= wanted
    assert {method for method, _ in wanted} <= {method for method, _ in ways(rules, methods, urgency)} or not wanted


@given(method_lists, urgencies)
def test_without_rules_it_is_the_first_that_works_at_once(methods, urgency):
    assert ways([], methods, urgency) == [(method.id, AT_ONCE) for method in working(methods)[:1]]


def test_methods_that_refused_lately_are_tried_last():
    methods = [Method(1, refused=True), Method(2), Method(3, verified=False)]
    assert [method.id for method in working(methods)] == [2, 1]


def test_each_urgency_has_rules_of_its_own():
    rules = [Rule("high", 1), Rule("high", 2, 5 * MINUTE), Rule("low", 2)]
    methods = [Method(1), Method(2)]
    assert ways(rules, methods, "high") == [(1, AT_ONCE), (2, 5 * MINUTE)]
    assert ways(rules, methods, "low") == [(2, AT_ONCE)]


def test_where_the_first_rule_cannot_be_kept_the_next_takes_its_moment():
    rules = [Rule("high", 1), Rule("high", 2, 5 * MINUTE), Rule("high", 3, 10 * MINUTE)]
    methods = [Method(1, refused=True), Method(2), Method(3)]
    assert ways(rules, methods, "high") == [(2, AT_ONCE), (3, 10 * MINUTE)]


def test_the_same_method_may_be_named_twice():
    rules = [Rule("high", 1), Rule("high", 1, 10 * MINUTE)]
    assert ways(rules, [Method(1)], "high") == [(1, AT_ONCE), (1, 10 * MINUTE)]
