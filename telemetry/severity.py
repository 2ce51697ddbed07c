"""Which incident an alert asks for. No Django here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Alerts that carry all of `labels` lead to an incident of `incident_severity`; "" is none."""

    labels: Mapping[str, str]
    incident_severity: str


# What holds for a service without rules of its own: what wakes people is worth an incident.
DEFAULT_RULES = (
    Rule({"severity": "critical"}, "sev2"),
    Rule({"severity": "page"}, "sev2"),
    Rule({"severity": "error"}, "sev3"),
    Rule({"severity": "high"}, "sev3"),
)


def decide(labels: Mapping[str, str], rules: Iterable[Rule]) -> str:
    """The severity that the first fitting rule asks for, "" where none fits. Case does not matter in values."""
    return next((rule.incident_severity for rule in rules if _fits(rule, labels)), "")


def _fits(rule: Rule, labels: Mapping[str, str]) -> bool:
    return all(str(labels.get(name, "")).casefold() == value.casefold() for name, value in rule.labels.items())
