"""Noun phrases: where one begins, and whether its head is a person or a thing.

The last noun of a phrase decides: an engineer is a person, an engineer dashboard is not.
"""

from enum import Enum
from functools import lru_cache

from postmortems.language import lexicon as lex
from postmortems.language.mask_inline import INLINE
from postmortems.language.names import GIVEN_NAMES, PRODUCTS
from postmortems.language.sentences import Sentence

_LONGEST = 8  # words in a noun phrase
_TITLES = frozenset({"mr", "mrs", "ms"})
_COMMON_ENDINGS = ("s", "ing", "ion", "ment", "ity", "ness", "ance", "ence", "ware", "data")


class Subject(Enum):
    """Who or what a verb is about."""

    PERSON = "person"
    NOBODY = "nobody"
    STRANGER = "a capitalised word that may be a name"
    THING = "thing"
    ABSENT = "no subject: a note that begins with its verb"


@lru_cache(maxsize=4096)
def is_participle(word: str) -> bool:
    """Whether the word may be a past participle."""
    return (len(word) > 3 and word.endswith("ed")) or word in lex.IRREGULAR_PARTICIPLES


@lru_cache(maxsize=4096)
def is_past(word: str) -> bool:
    """Whether the word may be a verb in the past."""
    return (len(word) > 3 and word.endswith("ed")) or word in lex.IRREGULAR_PAST


@lru_cache(maxsize=4096)
def is_adverb(word: str) -> bool:
    return word in lex.ADVERBS or (word.endswith("ly") and word not in lex.NOT_ADVERBS_IN_LY)


def is_nominal(sentence: Sentence, index: int) -> bool:
    """Whether the word may stand in a noun phrase."""
    word = sentence.word(index)
    if not word or word in lex.NOT_IN_A_PHRASE or is_adverb(word):
        return False
    if word.endswith("ed") and len(word) > 4:
        return sentence.word(index - 1) in lex.DETERMINERS
    return True


def phrase_start(sentence: Sentence, end: int) -> int:
    """The first word of the noun phrase whose last word is `end`; `end + 1` if there is none."""
    index = end
    while index >= 0 and end - index < _LONGEST and is_nominal(sentence, index):
        word = sentence.words[index]
        if word in lex.DETERMINERS:
            return index
        if index < end and word.endswith("ing") and sentence.word(index + 1) in lex.DETERMINERS:
            break
        index -= 1
    return index + 1


def phrase_end(sentence: Sentence, start: int) -> int:
    """The last word of the noun phrase that begins at `start`; `start - 1` if there is none."""
    index = start
    while index - start < _LONGEST and is_nominal(sentence, index):
        word = sentence.words[index]
        if index > start and (word in lex.DETERMINERS or _ends_before(sentence, index)):
            break
        index += 1
    return index - 1


def _ends_before(sentence: Sentence, index: int) -> bool:
    """Whether a verb begins at `index`: "an engineer | running", "Bo | roll back", "the team | reads"."""
    word, before = sentence.words[index], sentence.words[index - 1]
    if word.endswith("ing"):
        return before not in lex.DETERMINERS
    if before in lex.PEOPLE:
        return word in lex.PEOPLE_VERBS
    return sentence.raw[index][0].islower() and _is_given_name(before, sentence.raw[index - 1])


def person_ahead(sentence: Sentence, start: int) -> int:
    """The last word of the person named from `start` on ("by the on-call engineer"), or -1."""
    if sentence.word(start) in lex.PERSONAL_PRONOUNS | {"us", "me", "him", "them"}:
        return start
    end = phrase_end(sentence, start)
    if end < start:
        return -1
    if sentence.word(end) in lex.QUANTIFIERS and sentence.word(end + 1) == "of":
        return person_ahead(sentence, end + 2)
    return end if classify(sentence, start, end) is Subject.PERSON else -1


def is_possessive_person(sentence: Sentence, index: int) -> bool:
    """Whether the word is `Bo's`, `the engineers'` or `our`."""
    word = sentence.word(index)
    if word in lex.POSSESSIVE_PRONOUNS:
        return True
    if word.endswith(("'s", "s'")):
        owner = word.removesuffix("'s").removesuffix("'")
        return owner in lex.PEOPLE - lex.NEEDS_HUMAN_MODIFIER or _is_given_name(owner, sentence.raw[index])
    return False


def classify(sentence: Sentence, start: int, end: int) -> Subject:
    """What the head of the phrase `start..end` names."""
    head, raw = sentence.words[end], sentence.raw[end]
    if raw.startswith("@"):
        return Subject.PERSON
    if head in lex.NOBODY or (head == "one" and sentence.word(end - 1) == "no"):
        return Subject.NOBODY
    if head in lex.PEOPLE:
        if not _is_person_noun(sentence, start, end):
            return Subject.THING
        return Subject.NOBODY if sentence.words[start] == "no" else Subject.PERSON
    return _classify_name(sentence, start, end)


def _is_person_noun(sentence: Sentence, start: int, end: int) -> bool:
    head, modifiers = sentence.words[end], range(start, end)
    if head not in lex.AMBIGUOUS_PEOPLE:
        return True
    if any(sentence.words[index] in lex.HUMAN_MODIFIERS for index in modifiers):
        return True
    if head in lex.NEEDS_HUMAN_MODIFIER:
        return False
    return not any(_names_a_thing(sentence, index) for index in modifiers)


def _names_a_thing(sentence: Sentence, index: int) -> bool:
    word, raw = sentence.words[index], sentence.raw[index]
    if word in lex.THING_MODIFIERS or word in PRODUCTS or word == INLINE:
        return True
    return index > 0 and raw[0].isupper() and word not in GIVEN_NAMES and not word.endswith("'s")


def _classify_name(sentence: Sentence, start: int, end: int) -> Subject:
    first = end
    while first > start and sentence.raw[first - 1][0].isupper() and sentence.words[first - 1] not in lex.DETERMINERS:
        first -= 1
    if sentence.word(first - 1 - (sentence.word(first - 1) == ".")) in _TITLES:
        return Subject.PERSON
    names = sentence.words[first : end + 1]
    if not sentence.raw[end][0].isupper() or any(word in PRODUCTS for word in names):
        return Subject.THING
    if names[-1] in lex.MACHINE_NOUNS or sentence.words[start] in lex.DETERMINERS:
        return Subject.THING
    if any(_is_given_name(word, raw) for word, raw in zip(names[:2], sentence.raw[first : end + 1], strict=False)):
        return Subject.PERSON
    return Subject.STRANGER if _may_be_a_name(sentence, first, end) else Subject.THING


def _is_given_name(word: str, raw: str) -> bool:
    return word.partition("-")[0] in GIVEN_NAMES and raw[0].isupper() and (len(raw) == 2 or not raw.isupper())


def _may_be_a_name(sentence: Sentence, first: int, end: int) -> bool:
    raw = sentence.raw[end]
    if not raw.isalpha() or not raw[1:].islower() or end - first > 1:
        return False
    return end > 0 or not raw.endswith(_COMMON_ENDINGS)
