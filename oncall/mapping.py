"""Rules by which an integration says which of our services a sender means. No Django here.

A rule looks at one thing that was said and compares it with a glob: `*` is any run of characters (slashes too), `?` one
character, `[ab]` one of these; in any case of letters. Rules are asked in their order, and the first that fits decides.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

Said = Mapping[str, str | Sequence[str]]

FIELDS = ("name", "repository", "tag", "environment", "job")
LABEL = "label:"
MOST_RULES = 200
LONGEST_PATTERN = 200
LONGEST_LABEL = 100
KNOWN = f"{', '.join(FIELDS)} or label:<name>"


@dataclass(frozen=True)
class Rule:
    """Where `field` was said and fits `pattern`, the service with the slug `service` is meant."""

    field: str
    pattern: str
    service: str


def said(
    *,
    name: str = "",
    repository: str = "",
    environment: str = "",
    job: str = "",
    labels: Mapping[str, str] | None = None,
    tags: Iterable[str] = (),
) -> dict[str, str | Sequence[str]]:
    """What a sender said, as rules look at it. What is not given is taken from the label of that name.

    Each label is a tag `key:value` too, as Datadog and Sentry write them.
    """
    labels = labels or {}
    told = {
        "name": name,
        "repository": repository or labels.get("repository", ""),
        "environment": environment or labels.get("environment", "") or labels.get("env", ""),
        "job": job or labels.get("job", ""),
    }
    every = [*tags, *(f"{key}:{value}" if value else key for key, value in labels.items())]
    return {**told, "tag": every, **{f"{LABEL}{key.casefold()}": value for key, value in labels.items()}}


def first_match(rules: Iterable[Rule], said: Said) -> str:
    """The slug of the service that the first fitting rule names, "" where none fits."""
    return next((rule.service for rule in fitting(rules, said)), "")


def fitting(rules: Iterable[Rule], said: Said) -> Iterator[Rule]:
    """Every rule that fits, in order."""
    return (rule for rule in rules if fits(rule, said))


def fits(rule: Rule, said: Said) -> bool:
    """Whether something was said for the rule's field that fits its pattern; of several tags, one may."""
    told = said.get(rule.field.casefold(), "")
    values = (told,) if isinstance(told, str) else told
    glob = _compiled(rule.pattern)
    return any(value != "" and glob.match(value.casefold()) is not None for value in values)


def complaints(rule: Rule, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule: which part (`field`, `pattern` or `service`), and a sentence. `known` slugs exist."""
    label = rule.field[len(LABEL) :] if rule.field.casefold().startswith(LABEL) else None
    if label is None and rule.field.casefold() not in FIELDS:
        yield "field", f"“{rule.field[:60]}” is not something senders say; use {KNOWN}."
    if label == "":
        yield "field", "“label:” names no label; write it as label:team."
    if label and len(label) > LONGEST_LABEL:
        yield "field", f"“{label[:40]}…” has {len(label)} characters; the name of a label has {LONGEST_LABEL} at most."
    if not rule.pattern.strip():
        yield "pattern", "This is empty; write what is said, such as acme/* (a star alone fits everything)."
    if len(rule.pattern) > LONGEST_PATTERN:
        too_long = f"“{rule.pattern[:40]}…” has {len(rule.pattern)} characters; use {LONGEST_PATTERN} at most."
        yield "pattern", too_long
    if not rule.service:
        yield "service", "This is empty; say which service is meant."
    elif rule.service not in known:
        yield "service", f"There is no service “{rule.service[:60]}”; create it first, or correct the name."


def read_rules(stored: object) -> list[Rule]:
    """Rules as they are stored: a list of objects, or nothing."""
    rows = stored if isinstance(stored, list) else []
    return [Rule(str(row["field"]), str(row["pattern"]), str(row["service"])) for row in rows]


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern.strip().casefold()))
