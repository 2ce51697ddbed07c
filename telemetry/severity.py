"""What an alert leads to. No Django here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import Literal

Action = Literal["declare", "page", "attach"]
ACTIONS: tuple[Action, ...] = ("declare", "page", "attach")
URGENCIES = ("high", "low")


@dataclass(frozen=True)
class Rule:
    """What is done about alerts that carry all of `labels`.

    A value is a glob (`*` is any run of characters, `?` one), or several with `|` between: `{"team": "shop|check*"}`.
    `declare`: an incident of `incident_severity`, "" for none; `page`: the service, with `urgency`; `attach`: no more
    than to join an open incident.
    """

    labels: Mapping[str, str]
    incident_severity: str = ""
    action: Action = "declare"
    urgency: str = "high"

    @property
    def declares(self) -> str:
        """sev1 to sev4, "" where it declares nothing."""
        return self.incident_severity if self.action == "declare" else ""

    @property
    def pages(self) -> bool:
        """Whether it pages without an incident."""
        return self.action == "page"

    @property
    def asks_for_people(self) -> bool:
        return self.pages or bool(self.declares)

    @property
    def fits_what(self) -> str:
        """Its labels as one writes them, "" for every alert."""
        return ", ".join(f"{name}={_written(value)}" for name, value in self.labels.items())

    @property
    def in_words(self) -> str:
        """What it does, such as: declares a SEV2 incident."""
        match self.action:
            case "page":
                return f"pages the service with {self.urgency} urgency, without an incident"
            case "attach":
                return "joins an open incident of the service or of what it depends on; alone it leads to nothing"
        return f"declares a {self.declares.upper()} incident" if self.declares else "declares nothing"


@dataclass(frozen=True)
class Decision:
    """The rule that decided and its `place` from 1 on; neither where no rule fits."""

    rule: Rule | None = None
    place: int = 0
    default: bool = False

    @property
    def declares(self) -> str:
        return self.rule.declares if self.rule else ""

    @property
    def pages(self) -> bool:
        return bool(self.rule and self.rule.pages)

    @property
    def attaches(self) -> bool:
        return bool(self.rule and self.rule.action == "attach")

    @property
    def asks_for_people(self) -> bool:
        return bool(self.rule and self.rule.asks_for_people)

    @property
    def by(self) -> str:
        """The rule as outcomes name it."""
        if self.rule is None:
            return "no rule"
        return f"the default rule {self.rule.fits_what}" if self.default else f"rule {self.place}"


# What holds for a service without rules of its own: what wakes people is worth an incident.
DEFAULT_RULES = (
    Rule({"severity": "critical"}, "sev2"),
    Rule({"severity": "page"}, "sev2"),
    Rule({"severity": "error"}, "sev3"),
    Rule({"severity": "high"}, "sev3"),
)


def decide(labels: Mapping[str, str], rules: Iterable[Rule]) -> Decision:
    """The first fitting rule. Case does not matter in values."""
    found = next(((place, rule) for place, rule in enumerate(rules, start=1) if fits(rule, labels)), None)
    return Decision(found[1], found[0], rules is DEFAULT_RULES) if found else Decision()


def fits(rule: Rule, labels: Mapping[str, str]) -> bool:
    """Whether an alert of these labels carries all that the rule asks for; a label that is missing is empty."""
    return all(_pattern(value).fullmatch(str(labels.get(name, ""))) for name, value in rule.labels.items())


def _written(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if set(value) & set(',"\n{}') or value != value.strip() else value


@lru_cache(maxsize=4096)
def _pattern(value: str) -> re.Pattern[str]:
    """A star alone asks for a label that is there."""
    return re.compile("|".join(_glob(part.strip()) for part in value.split("|")), re.IGNORECASE | re.DOTALL)


def _glob(text: str) -> str:
    """As `fnmatch` writes it, in time that grows with the value's length; brackets mean themselves."""
    return ".+" if text == "*" else translate(text.replace("[", "[[]"))
