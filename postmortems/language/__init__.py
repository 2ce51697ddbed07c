"""The language coach: Markdown in, advice out.

A coach, not a censor: it points at wording that judges people or uses what was learned later, says why, and asks a
question instead. It never blocks, keeps nothing and knows no author. Being needlessly warned teaches people to ignore
warnings, so that whatever is not recognised is left alone.
"""

from collections.abc import Iterator
from typing import Literal

from postmortems.language.categories import ADVICE, Category
from postmortems.language.findings import Finding, summary
from postmortems.language.mask import mask
from postmortems.language.rules import ACTION_RULES, PROSE_RULES
from postmortems.language.sentences import sentences

Kind = Literal["prose", "action"]

__all__ = ["ADVICE", "Category", "Finding", "Kind", "check", "summary"]


def check(text: str, kind: Kind = "prose") -> list[Finding]:
    """The findings in a Markdown `text`, in the order of reading.

    `kind` is "prose" for a section or a comment and "action" for the wording of an action item, where "should" is an
    ordinary word and asking people to try harder is not. Findings of one category never overlap.
    """
    spans = sorted(set(_spans(text, kind)))
    return [_finding(text, *span) for span in _without_repeats(spans)]


def _spans(text: str, kind: Kind) -> Iterator[tuple[int, int, Category]]:
    rules = ACTION_RULES if kind == "action" else PROSE_RULES
    triggers = frozenset[str]().union(*(rule.triggers for rule in rules))
    for sentence in sentences(mask(text)):
        if triggers.isdisjoint(sentence.vocabulary):
            continue
        for rule in rules:
            if rule.triggers.isdisjoint(sentence.vocabulary):
                continue
            for first, last in rule.find(sentence):
                yield sentence.spans[first][0], sentence.spans[last][1], rule.category


def _without_repeats(spans: list[tuple[int, int, Category]]) -> Iterator[tuple[int, int, Category]]:
    """One category marks a passage once, and a document's single cause once."""
    ends: dict[Category, int] = {}
    for start, end, category in spans:
        seen = category in ends
        if start < ends.get(category, 0) or (seen and category is Category.SINGLE_CAUSE):
            continue
        ends[category] = end
        yield start, end, category


def _finding(text: str, start: int, end: int, category: Category) -> Finding:
    advice = ADVICE[category]
    return Finding(start, end, category, text[start:end], advice.why, advice.ask)
