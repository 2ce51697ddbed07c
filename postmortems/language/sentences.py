"""Masked text as sentences of words, each word with its place in the original."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from postmortems.language.mask_blocks import BLOCK
from postmortems.language.mask_inline import INLINE

if TYPE_CHECKING:
    from postmortems.language.phrases import Subject

_TOKEN = re.compile(rf"@?\w+(?:['’./:@&+\-]\w+)*(?:(?<=s)['’](?=\s))?|{INLINE}+|[.!?…;:,()\[\]–—]|-+(?=\s)|{BLOCK}+")
_ENDS = frozenset(".!?…")
_ABBREVIATIONS = frozenset({"e.g", "i.e", "eg", "ie", "vs", "approx", "dr", "mr", "mrs", "ms", "cf", "ca"})


@dataclass
class Sentence:
    """Words in lower case (`words`), as written (`raw`), and where they stand (`spans`).

    `subjects` remembers what was found out about its verbs: several of them share one subject.
    """

    words: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    previous: "Sentence | None" = None
    subjects: "dict[tuple[int, bool, int], Subject]" = field(default_factory=dict)

    def add(self, raw: str, start: int) -> None:
        self.words.append(INLINE if raw[0] == INLINE else raw.lower().replace("’", "'"))
        self.raw.append(raw)
        self.spans.append((start, start + len(raw)))

    def word(self, index: int) -> str:
        """The word at `index`, or an empty string outside the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def near(self, index: int, before: int = 0, after: int = 0) -> list[str]:
        """The words around `index`, without itself."""
        return self.words[max(0, index - before) : index] + self.words[index + 1 : index + 1 + after]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def line(self) -> str:
        """The words with one space between them: what patterns are matched on."""
        return " ".join(self.words)

    @cached_property
    def _offsets(self) -> list[int]:
        return [0, *accumulate(len(word) + 1 for word in self.words)]

    def index_at(self, offset: int) -> int:
        """The number of the word that `line[offset]` belongs to."""
        return bisect_right(self._offsets, offset) - 1


def sentences(masked: str) -> Iterator[Sentence]:
    """The sentences of a masked text, in order; headings, list items and table cells stand alone."""
    sentence = Sentence()
    for found in _TOKEN.finditer(masked):
        raw = found.group()
        if raw[0] != BLOCK:
            start = found.start()
            bare = raw.strip("_")  # emphasis
            if bare:
                sentence.add(bare, start + raw.index(bare))
            if raw not in _ENDS or sentence.word(len(sentence.words) - 2) in _ABBREVIATIONS:
                continue
            if len(sentence.words) == 1:  # a stop after a stop
                sentence = Sentence(previous=sentence.previous)
                continue
        if sentence.words:
            yield sentence
            sentence = Sentence(previous=_without_history(sentence) if raw[0] != BLOCK else None)
    if sentence.words:
        yield sentence


def _without_history(sentence: Sentence) -> Sentence:
    """One sentence of memory is enough to know whom a pronoun means."""
    return Sentence(sentence.words, sentence.raw, sentence.spans)
