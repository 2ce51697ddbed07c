"""What an alert leads to, by its labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.errors import Forbidden, InvalidInput
from telemetry.labels import read_labels
from telemetry.rules import decision_for, replace_rules, rules_of
from telemetry.severity import DEFAULT_RULES, Rule, decide
from tests.factories import AlertFactory, AlertRuleFactory, PersonFactory, ServiceFactory


@pytest.mark.parametrize(
    ("label", "severity"),
    [("critical", "sev2"), ("Page", "sev2"), ("error", "sev3"), ("high", "sev3"), ("warning", ""), ("info", "")],
)
def test_without_rules_of_its_own_a_service_follows_the_severity_label(label, severity):
    assert decide({"severity": label}, DEFAULT_RULES).declares == severity


def test_an_alert_without_a_severity_declares_nothing():
    assert decide({}, DEFAULT_RULES).rule is None


def test_the_first_rule_all_of_whose_labels_fit_decides():
    rules = [
        Rule({"severity": "critical", "environment": "staging"}, ""),
        Rule({"severity": "critical"}, "sev1"),
        Rule({}, "sev4"),
    ]
    assert decide({"severity": "critical", "environment": "staging"}, rules).declares == ""
    assert decide({"severity": "critical", "environment": "production"}, rules).declares == "sev1"
    assert decide({"severity": "warning"}, rules).declares == "sev4"


@pytest.mark.parametrize(
    ("value", "said", "fits"),
    [
        ("check*", "Checkout", True),
        ("check*", "precheck", False),
        ("critical|page", "page", True),
        ("critical|page", "critical|page", False),
        ("shop-?", "shop-1", True),
        ("shop-?", "shop-12", False),
        ("a.c", "abc", False),
        ("a[b]", "a[b]", True),
        ("*", "anything", True),
        ("*", "", False),
        ("", "", True),
        ("***********************a", "b" * 5000, False),
        ("*a*a*a*a*b", "a" * 5000, False),
        ("web[1]*", "web[1].example", True),
        ("web[1]", "web1", False),
        ("two*lines", "two\nlines", True),
    ],
)
def test_a_value_may_have_stars_and_alternatives(value, said, fits):
    assert (decide({"team": said}, [Rule({"team": value}, "sev1")]).rule is not None) is fits


def test_a_star_asks_for_a_label_that_is_there():
    assert decide({}, [Rule({"team": "*"}, "sev1")]).rule is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule({}, "sev2"), "declares a SEV2 incident"),
        (Rule({}), "declares nothing"),
        (Rule({}, action="page", urgency="low"), "pages the service with low urgency, without an incident"),
    ],
)
def test_a_rule_says_in_words_what_it_does(rule, words):
    assert rule.in_words == words


def test_the_decision_names_the_rule_by_its_place():
    assert decide({"a": "2"}, [Rule({"a": "1"}, "sev1"), Rule({"a": "2"}, "sev1")]).by == "rule 2"
    assert decide({"severity": "page"}, DEFAULT_RULES).by == "the default rule severity=page"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("severity=critical, team=shop", {"severity": "critical", "team": "shop"}),
        ('{alertname="Disk, full", job="node"}', {"alertname": "Disk, full", "job": "node"}),
        ('a="say \\"x\\""\nb = two words', {"a": 'say "x"', "b": "two words"}),
        (" , \n", {}),
    ],
)
def test_labels_are_read_as_people_write_them(text, labels):
    assert read_labels(text) == labels


@pytest.mark.parametrize("text", ["critical", "severity=", "=critical", "a=1, b", 'a="open'])
def test_what_is_no_label_is_named(text):
    with pytest.raises(ValueError, match="is no label"):
        read_labels(text)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.text(min_size=1).filter(str.strip)))
def test_labels_of_a_rule_are_read_as_they_were_written(labels):
    assert read_labels(Rule(labels).fits_what) == labels


@pytest.mark.django_db
class TestRulesOfAService:
    def test_its_own_rules_stand_instead_of_the_default_ones(self):
        rule = AlertRuleFactory(labels={"team": "payments"}, incident_severity="sev1")
        assert decision_for(AlertFactory(service=rule.service, labels={"team": "payments"})).declares == "sev1"
        assert not decision_for(AlertFactory(service=rule.service, labels={"severity": "critical"})).rule

    def test_an_alert_of_an_unknown_service_declares_nothing(self):
        assert not decision_for(AlertFactory(service=None, labels={"severity": "critical"})).rule

    def test_replacing_them_keeps_their_order(self):
        service = AlertRuleFactory().service
        rules = [Rule({"a": "1"}, "sev1"), Rule({"b": "2"}, "")]
        replace_rules(service=service, rules=rules, by=PersonFactory())
        assert [(rule.labels, rule.incident_severity) for rule in service.alert_rules.all()] == [
            ({"a": "1"}, "sev1"),
            ({"b": "2"}, ""),
        ]

    def test_what_they_do_is_kept(self):
        service = ServiceFactory()
        rules = (Rule({"a": "1"}, action="page", urgency="low"), Rule({"b": "*"}, action="attach"))
        replace_rules(service=service, rules=rules, by=PersonFactory())
        assert rules_of(service) == rules

    @pytest.mark.parametrize("rule", [Rule({}, action="shout"), Rule({}, action="page", urgency="medium")])
    def test_what_nobody_can_do_is_refused(self, rule):
        with pytest.raises(InvalidInput, match="choose"):
            replace_rules(service=ServiceFactory(), rules=[rule], by=PersonFactory())

    def test_a_severity_that_does_not_exist_is_refused_and_nothing_changes(self):
        rule = AlertRuleFactory()
        with pytest.raises(InvalidInput, match="sev9"):
            replace_rules(service=rule.service, rules=[Rule({}, "sev9")], by=PersonFactory())
        assert list(rule.service.alert_rules.all()) == [rule]

    def test_a_viewer_may_not_change_them(self):
        with pytest.raises(Forbidden):
            replace_rules(service=ServiceFactory(), rules=[], by=PersonFactory(role="viewer"))
