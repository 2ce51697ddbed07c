"""What a rule is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import is_adverb
from postmortems.language.sentences import Sentence

_DENIALS = frozenset({"denied", "denies", "deny", "rejected", "rejects", "disputed", "disputes"})

Hit = tuple[int, int]  # the first and the last word


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` is asked only about sentences that hold one of the `triggers`."""

    category: Category
    triggers: frozenset[str]
    find: Callable[[Sentence], Iterator[Hit]]


def matches(pattern: re.Pattern[str], sentence: Sentence) -> Iterator[Hit]:
    """The words that the pattern covers in the sentence's line."""
    for found in pattern.finditer(sentence.line):
        yield sentence.index_at(found.start()), sentence.index_at(found.end() - 1)


def phrase(text: str) -> re.Pattern[str]:
    """A pattern of whole words, one space between them."""
    return re.compile(rf"(?<!\S)(?:{text})(?!\S)")


def negated(sentence: Sentence, index: int, reach: int = 6) -> bool:
    """Whether one of the words before says that it is not so."""
    return any(word in lex.NEGATIONS or word.endswith("n't") for word in sentence.near(index, before=reach))


def denied(sentence: Sentence, index: int) -> bool:
    """Whether a cause or a statement is rejected: "not because the team failed to", "it is not that Bo forgot"."""
    joints = [at for at in range(max(0, index - 9), index) if sentence.words[at] in {"because", "that"}]
    return any(_is_denial(sentence, joint) for joint in joints)


def _is_denial(sentence: Sentence, joint: int) -> bool:
    reach = 1 if sentence.words[joint] == "that" else 5
    before = sentence.words[max(0, joint - reach) : joint]
    if sentence.words[joint] == "that" and not _DENIALS.isdisjoint(sentence.near(joint, before=3)):
        return True
    return any(word == "not" or word.endswith("n't") for word in before) and lex.PUNCTUATION.isdisjoint(before)


def is_condition(sentence: Sentence, index: int) -> bool:
    """As in "if anybody on that shift missed the update": nobody did anything yet."""
    for word in reversed(sentence.near(index, before=12)):
        if word in lex.PUNCTUATION:
            return False
        if word in {"if", "whether", "unless", "case", "maybe", "perhaps"}:
            return True
    return False


def past_adverbs(sentence: Sentence, index: int) -> int:
    """The first word from `index` on that is no adverb, looking at a few words only."""
    stop = index + 6
    while index < stop and is_adverb(sentence.word(index)):
        index += 1
    return index
