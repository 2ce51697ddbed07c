"""The rules of an integration as a form in which they are added, moved, removed and tried without being saved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notifications.errors import InvalidInput
from notifications.models import Integration
from notifications.payloads import storable
from oncall.catalogue import Match, match_all
from oncall.mapping import MOST_RULES, Rule, Said, said

ACT = re.compile(r"(add|up|down|remove|try)(?::(\d{1,3}))?")
OF_RULE = re.compile(r"rules\[(\d+)\]\.(field|pattern|service)")
TRIED = ("name", "repository", "environment", "job", "labels")
EMPTY = Rule("", "", "")


@dataclass
class Row:
    """A rule as it was typed, and what is wrong with its parts."""

    rule: Rule
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class RulesEditor:
    """What stands in the form. `tried` is what is asked "what would this say?", `outcome` the answer in words."""

    rows: list[Row]
    tried: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    outcome: str = ""

    @property
    def rules(self) -> list[Rule]:
        return [row.rule for row in self.rows]

    @property
    def is_refused(self) -> bool:
        return bool(self.errors) or any(row.errors for row in self.rows)

    def act(self, text: str) -> str:
        """Do what a button says (`add`, `up:1`, `try`) and return its verb. What does not fit does nothing."""
        if not (read := ACT.fullmatch(text)):
            return ""
        verb, place = read[1], int(read[2] or 0)
        if verb == "add" and len(self.rows) < MOST_RULES:
            self.rows.append(Row(EMPTY))
        if verb == "remove" and place < len(self.rows):
            del self.rows[place]
        if verb in ("up", "down"):
            self._move(place, place - 1 if verb == "up" else place + 1)
        return verb

    def drop_empty(self) -> None:
        """Lines that were left empty are none."""
        self.rows = [row for row in self.rows if row.rule != EMPTY]

    def explain(self, refusal: InvalidInput) -> None:
        """Put a service's sentences at the rules they name, else above them all."""
        for path, sentences in refusal.errors.items():
            if (of := OF_RULE.fullmatch(path)) and int(of[1]) < len(self.rows):
                self.rows[int(of[1])].errors[of[2]] = list(sentences)
            else:
                self.errors += sentences

    def what_would_this_say(self, integration: Integration) -> None:
        """Try these rules, as they stand, on what was filled in."""
        self.outcome = in_words(match_all([self._said()], integration, self.rules)[0], self.rules)

    def _said(self) -> Said:
        pairs = [pair.partition("=") for pair in re.split(r"[,\n]", self.tried.get("labels", "")) if pair.strip()]
        told = {name: self.tried.get(name, "").strip() for name in TRIED if name != "labels"}
        return said(**told, labels={key.strip(): value.strip() for key, _, value in pairs})

    def _move(self, place: int, to: int) -> None:
        if 0 <= to < len(self.rows) and place < len(self.rows):
            self.rows.insert(to, self.rows.pop(place))


def editor_of(rules: Iterable[Rule], query: Mapping[str, str]) -> RulesEditor:
    """Rules that are stored; what an address asks for is filled in, to be tried."""
    return RulesEditor([Row(rule) for rule in rules], {name: query.get(name, "")[:200] for name in TRIED})


def read_editor(posted: Mapping[str, str]) -> RulesEditor:
    """What a form posted."""
    count = posted.get("count", "")
    size = min(int(count), MOST_RULES) if count.isascii() and count.isdigit() and len(count) < 5 else 0
    parts = [
        [storable(posted.get(f"rule-{place}-{part}", "").strip()) for part in ("field", "pattern", "service")]
        for place in range(size)
    ]
    tried = {name: storable(posted.get(f"try-{name}", "")[:2000]) for name in TRIED}
    return RulesEditor([Row(Rule(*part)) for part in parts], tried)


def in_words(match: Match, rules: list[Rule]) -> str:
    """Which service it is, and why."""
    if match.rule:
        return f"Rule {rules.index(match.rule) + 1} decides: it is {match.service}."
    return {
        "mapping": f"The name is mapped to {match.service}, before any rule is asked.",
        "service": f"No rule fits; everything else from this sender is of {match.service}.",
        "slug": f"No rule fits; it is the short name of {match.service}.",
        "name": f"No rule fits; it is the name of {match.service}.",
        "repository": f"No rule fits; the repository is one of {match.service}.",
        "rule": "",
        "": "No rule fits and no service is called so: it would wait among the unmatched names.",
    }[match.by]
