"""What somebody typed into the search, taken apart. Pure.

Words must all be there, in any order; "several words" in quotes stand together; -word must not be there; OR between two
finds either. `#12`, `PM7`, `P3`, `K4`, `A5` ask for a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

LONG = 100
"""More than the parts of anything that is typed."""
_CODE = re.compile(r"(#|PM|P|K|A)?\s?(\d{1,9})", re.IGNORECASE)
_TOKEN = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """A word or a phrase that is to stand there, or not (`without`)."""

    text: str
    without: bool = False

    @property
    def is_word(self) -> bool:
        """Letters and digits only: what full-text search keeps as one word."""
        return bool(_WORD.fullmatch(self.text))

    @property
    def pieces(self) -> list[str]:
        """What stands between its spaces."""
        return self.text.split()

    @property
    def pattern(self) -> str:
        """A regular expression for it, spaces standing for any; for PostgreSQL and Python alike."""
        return r"\s+".join(re.sub(r"([^\w\s])", r"\\\1", piece) for piece in self.pieces)

    @property
    def is_long(self) -> bool:
        """Whether parts of words can be looked for: two letters are in too many, but for those of other scripts."""
        return len(self.text) > 2 or (not self.text.isascii() and bool(self.text))


@dataclass(frozen=True)
class Sought:
    """`alternatives`: of one of these, every term must hold. `words`: what was typed, spaces made one."""

    words: str
    alternatives: tuple[tuple[Term, ...], ...]
    prefix: str = ""
    number: int | None = None

    @cached_property
    def literal(self) -> Term | None:
        """All of it as it stands, where it is more than one word: whatever is written so is found."""
        whole = Term(self.words.strip('"') if self.words.count('"') == 2 else self.words)
        return None if whole.is_word or not whole.is_long else whole

    def met(self, text: str) -> int:
        """How much of it a text has: all as it stands counts more than each of its parts."""
        small = text.casefold()
        parts = sum(part.text.casefold() in small for terms in self.alternatives for part in terms if not part.without)
        whole = self.literal is not None and re.search(self.literal.pattern, text, re.IGNORECASE) is not None
        return parts + LONG * whole

    @cached_property
    def marks(self) -> re.Pattern[str]:
        """What to mark in what was found: the terms that were to be there, words with their endings."""
        terms = [term for terms in self.alternatives for term in terms if not term.without and term.text]
        patterns = [self.literal.pattern] if self.literal else []
        patterns += [_stem(term.text) if term.is_word else term.pattern for term in terms]
        patterns = sorted(dict.fromkeys(filter(None, patterns)), key=len, reverse=True)
        return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def parse(typed: str) -> Sought:
    """Take apart what was typed."""
    words = " ".join(typed.replace("\x00", " ").translate(_QUOTES).split())
    alternatives: list[list[Term]] = [[]]
    for minus, phrase, word in _TOKEN.findall(words):
        if word == "OR":
            alternatives.append([])
        elif term := _term(minus, phrase, word):
            alternatives[-1].append(term)
    kept = tuple(tuple(terms) for terms in alternatives if any(not term.without for term in terms))
    if not kept and words:
        kept = ((Term(words),),)
    code = _CODE.fullmatch(words)
    return Sought(words, kept, (code[1] or "").upper() if code else "", int(code[2]) if code else None)


def _term(minus: str, phrase: str, word: str) -> Term | None:
    if word:
        without = word.startswith("-") and len(word) > 1 and _WORD.match(word[1]) is not None
        return Term(word[1:] if without else word.rstrip("*,;") or word, without)
    return Term(" ".join(phrase.split()), bool(minus)) if phrase.strip() else None


def _stem(word: str) -> str:
    """The word as a pattern, its last letters left open where it is long enough to have an ending."""
    kept = max(4, len(word) - 2) if word.isascii() and word.isalpha() else len(word)
    return re.escape(word) if kept >= len(word) else rf"{re.escape(word)}\w*|\b{re.escape(word[:kept])}\w{{0,4}}\b"
