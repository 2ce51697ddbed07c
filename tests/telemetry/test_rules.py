"""Which alert declares an incident, and of which severity."""

import pytest

from notifications.errors import Forbidden, InvalidInput
from telemetry.rules import replace_rules, severity_for
from telemetry.severity import DEFAULT_RULES, Rule, decide
from tests.factories import AlertFactory, AlertRuleFactory, PersonFactory, ServiceFactory


@pytest.mark.parametrize(
    ("label", "severity"),
    [("critical", "sev2"), ("Page", "sev2"), ("error", "sev3"), ("high", "sev3"), ("warning", ""), ("info", "")],
)
def test_without_rules_of_its_own_a_service_follows_the_severity_label(label, severity):
    assert decide({"severity": label}, DEFAULT_RULES) == severity


def test_an_alert_without_a_severity_declares_nothing():
    assert decide({}, DEFAULT_RULES) == ""


def test_the_first_rule_all_of_whose_labels_fit_decides():
    rules = [
        Rule({"severity": "critical", "environment": "staging"}, ""),
        Rule({"severity": "critical"}, "sev1"),
        Rule({}, "sev4"),
    ]
    assert decide({"severity": "critical", "environment": "staging"}, rules) == ""
    assert decide({"severity": "critical", "environment": "production"}, rules) == "sev1"
    assert decide({"severity": "warning"}, rules) == "sev4"


@pytest.mark.django_db
class TestRulesOfAService:
    def test_its_own_rules_stand_instead_of_the_default_ones(self):
        rule = AlertRuleFactory(labels={"team": "payments"}, incident_severity="sev1")
        assert severity_for(AlertFactory(service=rule.service, labels={"team": "payments"})) == "sev1"
        assert severity_for(AlertFactory(service=rule.service, labels={"severity": "critical"})) == ""

    def test_an_alert_of_an_unknown_service_declares_nothing(self):
        assert severity_for(AlertFactory(service=None, labels={"severity": "critical"})) == ""

    def test_replacing_them_keeps_their_order(self):
        service = AlertRuleFactory().service
        rules = [Rule({"a": "1"}, "sev1"), Rule({"b": "2"}, "")]
        replace_rules(service=service, rules=rules, by=PersonFactory())
        assert [(rule.labels, rule.incident_severity) for rule in service.alert_rules.all()] == [
            ({"a": "1"}, "sev1"),
            ({"b": "2"}, ""),
        ]

    def test_a_severity_that_does_not_exist_is_refused_and_nothing_changes(self):
        rule = AlertRuleFactory()
        with pytest.raises(InvalidInput, match="sev9"):
            replace_rules(service=rule.service, rules=[Rule({}, "sev9")], by=PersonFactory())
        assert list(rule.service.alert_rules.all()) == [rule]

    def test_a_viewer_may_not_change_them(self):
        with pytest.raises(Forbidden):
            replace_rules(service=ServiceFactory(), rules=[], by=PersonFactory(role="viewer"))
