"""Judgements of people, and error as an explanation."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.names import PRODUCTS
from postmortems.language.phrases import Subject, is_past, is_possessive_person, person_ahead
from postmortems.language.rules.base import Hit, Rule, is_condition, negated, past_adverbs
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import before_auxiliaries, subject_of

_TRAITS = lex.words(
    """
    careless carelessly carelessness negligent negligence negligently sloppy sloppiness sloppily incompetent
    incompetence reckless recklessly recklessness unprofessional stupid stupidly stupidity idiot idiots clueless
    laziness
    """
)
_LAW_AND_SAYINGS = lex.words(
    "manslaughter homicide malpractice guilty convicted indicted lawsuit sued liability dereliction malice"
)
_TECHNICAL = lex.words("quorum quorums phrase counter counters")
_ERRORS = lex.words("error errors mistake mistakes")
_GUARDED = lex.words(
    """
    prevent prevents prevented preventing reduce reduces reduced reducing guard guards against protect protects
    eliminate eliminates eliminating minimise minimises minimising minimize minimizes minimizing prone
    susceptible risk risks possibility room chance chances potential likelihood probability opportunity
    opportunities label labels term phrase than beyond mitigate mitigates mitigated mitigating lower lowers limit
    limits safeguard safeguards source sources subject vulnerable resilient tolerant catch catches class kind type
    """
)
_ERROR_COMPOUNDS = lex.words(
    """
    rate rates log logs message messages code codes page pages handling budget response
    """
)
_EXPLAINING = lex.words(
    """
    due caused cause causes because result results resulted attributed down traced classified cited cites listed lists
    blamed blames blaming wrote called through from reason reasons explained concluded ruled turned likely suspect
    suspected seems seemed after by behind
"""
)
_FACTS_OF_LIFE = lex.words(
    """
    inevitable unavoidable unacceptable common happen happens normal expected not never seen regarded viewed considered
    often always usually
    """
)
_DENYING = lex.words("deny denies denied denying reject rejects rejected dispute disputes disputed")
_SOME = lex.words("a an one two three several many some another")
_HYPOTHETICAL = lex.words("when whenever if whether where")
_LEARNING = lex.words("learn learns learned learnt learning")
_LEADING = lex.words("behind and being leads causes triggers")
_ROLES = lex.words("mechanic contractor crew technician administrator admin employee staff engineer developer")
_ROLES_OF_THINGS_TOO = lex.words("operator user driver")
_FAT_FINGERS = lex.words("fat-finger fat-fingered fat-fingers fat-fingering")


def _find_character(sentence: Sentence) -> Iterator[Hit]:
    for index, word in enumerate(sentence.words):
        if (word in _TRAITS and _is_judgement(sentence, index)) or (
            word == "lazy" and _is_lazy_person(sentence, index)
        ):
            yield index, index
        elif word == "better" and sentence.word(index - 1) in {"know", "known", "knew"}:
            hit = _knew_better(sentence, index)
            if hit:
                yield hit


def _is_judgement(sentence: Sentence, index: int) -> bool:
    """Not a reckless quorum, a denial, what a court found, or "never ascribe to malice …"."""
    return (
        sentence.word(index + 1) not in _TECHNICAL
        and _LAW_AND_SAYINGS.isdisjoint(sentence.vocabulary)
        and not negated(sentence, index, reach=7)
        and not is_condition(sentence, index)
    )


def _is_lazy_person(sentence: Sentence, index: int) -> bool:
    """People may be called lazy; loading, iterators and caches are."""
    if sentence.word(index + 1) in lex.PEOPLE:
        return True
    left = index - 1
    while sentence.word(left) in {"too", "so", "very", "just", "being", "a", "bit"}:
        left -= 1
    return sentence.word(left) in lex.TO_BE and subject_of(sentence, left) is Subject.PERSON


def _knew_better(sentence: Sentence, better: int) -> Hit | None:
    start = better - 1
    while start > 0 and sentence.words[start - 1] in {"should", "ought", "to", "have", "really", "should've"}:
        start -= 1
    if start == better - 1 and sentence.words[start] != "knew":
        return None
    return (start, better) if subject_of(sentence, start) in {Subject.PERSON, Subject.STRANGER} else None


def _find_error(sentence: Sentence) -> Iterator[Hit]:
    for index, word in enumerate(sentence.words):
        if word in _FAT_FINGERS or (word == "fat" and f"fat-{sentence.word(index + 1)}" in _FAT_FINGERS):
            if "if" not in sentence.near(index, before=2):
                yield index, index + (word == "fat")
        elif word in _ERRORS and not _is_in_general(sentence, index):
            if _is_label(sentence, index):
                yield index - 1, index
            elif _maker(sentence, index) >= 0:
                yield index, _maker(sentence, index)
            elif _made(sentence, index) >= 0:
                yield _made(sentence, index), index


def _is_in_general(sentence: Sentence, index: int) -> bool:
    """Error as a fact of life that tools have to live with, not as the cause of this incident."""
    if not _GUARDED.isdisjoint(sentence.near(index, before=7)) or negated(sentence, index, reach=4):
        return True
    if not _HYPOTHETICAL.isdisjoint(sentence.near(index, before=2)) and not _is_told(sentence, index):
        return True
    if not (
        _LEARNING.isdisjoint(sentence.near(index, before=5)) and _DENYING.isdisjoint(sentence.near(index, before=12))
    ):
        return True
    return sentence.word(index + 1) in _ERROR_COMPOUNDS or not _FACTS_OF_LIFE.isdisjoint(sentence.near(index, after=3))


def _is_told(sentence: Sentence, index: int) -> bool:
    """Whether "when" opens what happened: "when human error caused", not "when human error is blamed"."""
    follows = sentence.word(past_adverbs(sentence, index + 1))
    return is_past(follows) and follows not in {"is", "are"}


def _is_label(sentence: Sentence, index: int) -> bool:
    whose = sentence.word(index - 1)
    if sentence.words[index].startswith("mistake"):
        if whose == "human":
            return _explains(sentence, index)
        return whose != "your" and is_possessive_person(sentence, index - 1)
    if not _explains(sentence, index):
        return False
    if whose in {"human", "pilot"} or whose in _ROLES:
        return True
    if whose not in _ROLES_OF_THINGS_TOO or sentence.words[index] == "errors":
        return False
    before = sentence.word(index - 2)
    return before not in PRODUCTS | lex.THING_MODIFIERS | {"a", "the", "k8s"} and (
        index < 2 or not sentence.raw[index - 2][0].isupper()
    )


def _explains(sentence: Sentence, index: int) -> bool:
    """Whether the error is said to be why it happened; otherwise it is something to reckon with."""
    follows = sentence.word(past_adverbs(sentence, index + 1))
    if len(sentence.words) <= 3 or is_past(follows) or follows in _LEADING:
        return True
    return not (
        lex.TO_BE.isdisjoint(sentence.near(index, before=4)) and _EXPLAINING.isdisjoint(sentence.near(index, before=7))
    )


def _maker(sentence: Sentence, index: int) -> int:
    """The last word of "a mistake by the operator", "errors made by the crew", "on the part of the pilot", or -1."""
    start = index + (2 if sentence.word(index + 1) == "made" else 1)
    if sentence.word(start) == "by":
        return person_ahead(sentence, start + 1)
    if sentence.words[start : start + 4] == ["on", "the", "part", "of"]:
        return person_ahead(sentence, start + 4)
    return -1


def _made(sentence: Sentence, index: int) -> int:
    """Where "made" stands in "the engineer made a costly mistake", or -1."""
    for made in range(index - 1, max(-1, index - 5), -1):
        if sentence.words[made] == "made":
            if sentence.word(made + 1) not in _SOME:
                return -1
            reader = sentence.word(before_auxiliaries(sentence, made)) == "you"
            person = not reader and subject_of(sentence, made) is Subject.PERSON and not is_condition(sentence, made)
            return made if person else -1
        if sentence.words[made] in lex.PUNCTUATION | lex.PREPOSITIONS:
            return -1
    return -1


CHARACTER = Rule(Category.CHARACTER, _TRAITS | {"lazy", "better"}, _find_character)
HUMAN_ERROR = Rule(Category.HUMAN_ERROR, _ERRORS | _FAT_FINGERS | {"fat"}, _find_error)
