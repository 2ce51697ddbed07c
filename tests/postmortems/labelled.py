"""Labelled sentences: what the coach says of each, and what it is to say."""

from dataclasses import dataclass
from pathlib import Path

from postmortems.language import Kind, check

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Labelled:
    """One row of a table: the sentence as `kind`, with the categories that are to be found, often none."""

    kind: Kind
    expected: frozenset[str]
    sentence: str

    @property
    def found(self) -> frozenset[str]:
        return frozenset(finding.category.value for finding in check(self.sentence, self.kind))


def load(part: str) -> list[Labelled]:
    """`part` is "tuning", which rules are fitted to, or "held_out", which no rule was fitted to.

    A mistake on held-out sentences is counted, not repaired; new sentences are labelled before rules change.
    """
    rows = (DATA / f"language_{part}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [_labelled(*row.split("\t")) for row in rows]


def _labelled(kind: str, categories: str, sentence: str) -> Labelled:
    expected = frozenset() if categories == "-" else frozenset(categories.split(","))
    return Labelled("action" if kind == "action" else "prose", expected, sentence)


def precision_and_recall(sentences: list[Labelled]) -> tuple[float, float]:
    """How many warnings are right, and how many of the passages are found."""
    right = sum(len(each.found & each.expected) for each in sentences)
    return right / sum(len(each.found) for each in sentences), right / sum(len(each.expected) for each in sentences)
