"""How often the language coach is right on labelled sentences, against a plain list of phrases; and its time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from postmortems.language import Category, check
from postmortems.text.rendering import to_html
from tests.postmortems.labelled import Labelled, load

SIZE = 100_000  # characters of the text that is timed
ROUNDS = 5
WORST = ("and forgot ", "noticed and failed to and ignored but ", "![", "…", "[a](", "1. ", "The failure of the ")
"""What, repeated without an end to the sentence, takes the coach longest."""

NAIVE = {
    Category.COUNTERFACTUAL: r"should(?: not)? have|could have|would have|ought to have|if only",
    Category.PERSON_NEGATIVE_VERB: r"failed to|forgot|neglected|overlooked|ignored|missed|did not check",
    Category.HUMAN_ERROR: r"human error|operator error|user error|pilot error|fat.finger",
    Category.CHARACTER: r"careless|negligent|lazy|sloppy|incompetent|reckless|know better",
    Category.BLAME: r"blame|fault|broke|caused the outage",
    Category.NORMATIVE: r"incorrectly|mistakenly|inadequate|poor|violated",
    Category.HINDSIGHT: r"obvious|obviously|clearly|hindsight|predictable|everyone knew",
    Category.SINGLE_CAUSE: r"root cause|(?:sole|real) cause|all because of",
    Category.MECHANISTIC: r"worked fine until|despite",
    Category.MINIMISING: r"simply|just|only|trivial",
    Category.WEAK_ACTION: r"careful|retrain|remind|pay attention",
    Category.WHY_OR_WHO: r"why did|who did",
}
"""The words of the design's table, wherever they stand: what one writes in an afternoon."""

_PHRASES = {category: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for category, words in NAIVE.items()}


@dataclass(frozen=True)
class Score:
    """Of some warnings: how many were given, were right, and were wanted."""

    given: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def scores(part: str) -> Iterator[tuple[str, Score, Score]]:
    """For all categories together and then each: its name, the coach's score and that of the plain list."""
    labelled = load(part)
    coached = [one.found for one in labelled]
    listed = [frozenset(listed_in(one.sentence)) for one in labelled]
    yield "all", _score(labelled, coached, None), _score(labelled, listed, None)
    for category in Category:
        yield category.value, _score(labelled, coached, category), _score(labelled, listed, category)


def listed_in(sentence: str) -> Iterator[str]:
    """The categories of which a plain list finds a phrase."""
    return (category.value for category, phrase in _PHRASES.items() if phrase.search(sentence))


def _score(labelled: list[Labelled], found: list[frozenset[str]], only: Category | None) -> Score:
    kept = frozenset(category.value for category in Category) if only is None else frozenset({only.value})
    pairs = [(each & kept, one.expected & kept) for each, one in zip(found, labelled, strict=True)]
    return Score(
        given=sum(len(each) for each, _ in pairs),
        right=sum(len(each & expected) for each, expected in pairs),
        wanted=sum(len(expected) for _, expected in pairs),
    )


def times() -> tuple[float, float, float, float]:
    """Seconds for 100 KB: the coach, rendering the same text as Markdown, the coach on the worst text, a plain list."""
    text = document()
    worst = max(_best(check, unit * (SIZE // len(unit))) for unit in WORST)
    return (
        _best(check, text),
        _best(to_html.__wrapped__, text),
        worst,
        _best(lambda text: list(_every_phrase(text)), text),
    )


def document() -> str:
    """A post-mortem of the labelled sentences, over and over, four to a paragraph."""
    sentences = cycle([one.sentence for part in ("tuning", "held_out") for one in load(part)])
    pieces, size = [], 0
    while size < SIZE:
        pieces.append(" ".join(islice(sentences, 4)) + "\n\n")
        size += len(pieces[-1])
    return "".join(pieces)[:SIZE]


def _every_phrase(text: str) -> Iterator[re.Match[str]]:
    for phrase in _PHRASES.values():
        yield from phrase.finditer(text)


def _best(work: Callable[[str], object], text: str) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work(text)
        taken.append(time.perf_counter() - began)
    return min(taken)
