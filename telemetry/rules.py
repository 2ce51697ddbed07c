"""The rules of a service: which alerts declare an incident."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from notifications.errors import InvalidInput
from oncall.models import Person, Service
from oncall.permissions import require_responder
from telemetry.models import Alert, AlertRule
from telemetry.severity import DEFAULT_RULES, Rule, decide

SEVERITIES = ("sev1", "sev2", "sev3", "sev4", "")
MOST_RULES = 50


def rules_of(service: Service) -> tuple[Rule, ...]:
    """The service's own rules in order, else the default ones."""
    own = tuple(Rule(rule.labels, rule.incident_severity) for rule in service.alert_rules.all())
    return own or DEFAULT_RULES


def severity_for(alert: Alert) -> str:
    """sev1 to sev4, or "" where this alert declares nothing; one of an unknown service never does."""
    return decide(alert.labels, rules_of(alert.service)) if alert.service else ""


@transaction.atomic
def replace_rules(*, service: Service, rules: Sequence[Rule], by: Person) -> Service:
    """Give the service these rules instead of those it has; none at all means the default ones."""
    require_responder(by)
    _check(rules)
    Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    service.alert_rules.all().delete()
    AlertRule.objects.bulk_create(
        AlertRule(service=service, position=place, labels=dict(rule.labels), incident_severity=rule.incident_severity)
        for place, rule in enumerate(rules)
    )
    return service


def _check(rules: Sequence[Rule]) -> None:
    if len(rules) > MOST_RULES:
        raise InvalidInput(rules=f"There are {len(rules)} rules; a service has at most {MOST_RULES}.")
    for place, rule in enumerate(rules):
        if rule.incident_severity not in SEVERITIES:
            sentence = f"{rule.incident_severity!r} is no severity: choose sev1 to sev4, or leave it empty."
            raise InvalidInput({f"rules[{place}].incident_severity": [sentence]})
