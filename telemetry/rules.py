"""The rules of a service: what its alerts lead to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.db import transaction

from notifications.errors import InvalidInput
from oncall.models import Person, Service
from oncall.permissions import require_responder
from telemetry.models import Alert, AlertRule
from telemetry.severity import ACTIONS, DEFAULT_RULES, URGENCIES, Action, Decision, Rule, decide

SEVERITIES = ("sev1", "sev2", "sev3", "sev4", "")
MOST_RULES = 50


def rules_of(service: Service) -> tuple[Rule, ...]:
    """The service's own rules in order, else the default ones."""
    own = tuple(
        Rule(rule.labels, rule.incident_severity, cast("Action", rule.action), rule.urgency)
        for rule in service.alert_rules.all()
    )
    return own or DEFAULT_RULES


def decision_for(alert: Alert) -> Decision:
    """The rule that decides about this alert; of an unknown service, none does."""
    return decide(alert.labels, rules_of(alert.service)) if alert.service else Decision()


@transaction.atomic
def replace_rules(*, service: Service, rules: Sequence[Rule], by: Person) -> Service:
    """Give the service these rules instead of those it has; none at all means the default ones."""
    require_responder(by)
    _check(rules)
    Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    service.alert_rules.all().delete()
    AlertRule.objects.bulk_create(
        AlertRule(
            service=service,
            position=place,
            labels=dict(rule.labels),
            action=rule.action,
            urgency=rule.urgency,
            incident_severity=rule.declares,
        )
        for place, rule in enumerate(rules)
    )
    return service


def _check(rules: Sequence[Rule]) -> None:
    if len(rules) > MOST_RULES:
        raise InvalidInput(rules=f"There are {len(rules)} rules; a service has at most {MOST_RULES}.")
    for place, rule in enumerate(rules):
        if wrong := _wrong(rule):
            field, sentence = wrong
            raise InvalidInput({f"rules[{place}].{field}": [sentence]})


def _wrong(rule: Rule) -> tuple[str, str] | None:
    """The field that does not do, and why."""
    if rule.incident_severity not in SEVERITIES:
        sentence = f"{rule.incident_severity!r} is no severity: choose sev1 to sev4, or leave it empty."
        return "incident_severity", sentence
    if rule.action not in ACTIONS:
        return "action", f"{rule.action!r} is no action: choose declare, page or attach."
    if rule.urgency not in URGENCIES:
        return "urgency", f"{rule.urgency!r} is no urgency: choose high or low."
    return None
