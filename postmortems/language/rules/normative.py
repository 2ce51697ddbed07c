"""Work measured against a rule: wrongly done, inadequate, against procedure."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject, is_past, person_ahead
from postmortems.language.rules.base import Hit, Rule, is_condition, matches, phrase
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import subject_of

_WRONGLY = lex.words("incorrectly mistakenly wrongly erroneously improperly")
_CONDUCT = lex.words(
    """
    testing training review reviews inspection inspections preparation planning communication supervision attention
    response care diligence judgement judgment oversight
    """
)
_VIOLATING = lex.words("violated violating violation breached breaching")
_PROCEDURES = lex.words(
    """
    procedure procedures policy policies process protocol protocols guidelines rules runbook
    """
)
_POOR = phrase(
    r"(?:poor|bad|terrible|questionable) (?:(?:engineering|technical|operational|management) )?"
    r"(?:decisions?|judge?ment|choices?|decision-making)"
    r"|poor (?:planning|communication)"
)


def _find(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_POOR, sentence):
        if sentence.word(last + 1) != "by" or person_ahead(sentence, last + 2) >= 0:
            yield first, last
    for index, word in enumerate(sentence.words):
        if (word in _WRONGLY and _was_somebody(sentence, index)) or (
            word == "inadequate" and _is_conduct(sentence, index)
        ):
            yield index, index
        elif word in _VIOLATING:
            hit = _violation(sentence, index)
            if hit:
                yield hit


def _was_somebody(sentence: Sentence, adverb: int) -> bool:
    """As in "the engineer wrongly set", "was wrongly set by an engineer", "the engineer set it wrongly"."""
    if is_condition(sentence, adverb):
        return False
    if not lex.TO_BE.isdisjoint(sentence.near(adverb, before=2)):
        after = sentence.words[adverb + 1 : adverb + 5]
        return "by" in after and person_ahead(sentence, adverb + 2 + after.index("by")) >= 0
    follows = sentence.word(adverb + 1)
    if is_past(follows):
        return subject_of(sentence, adverb) is Subject.PERSON
    if follows in lex.PUNCTUATION | lex.PREPOSITIONS | lex.CLAUSE_OPENERS | {""}:
        return _was_done_by_somebody(sentence, adverb)
    return False


def _was_done_by_somebody(sentence: Sentence, adverb: int) -> bool:
    for index in range(adverb - 1, max(0, adverb - 12), -1):
        if is_past(sentence.words[index]):
            passive = sentence.word(index - 1) in lex.TO_BE or sentence.words[index] in lex.TO_BE
            return not passive and subject_of(sentence, index) is Subject.PERSON
    return False


def _is_conduct(sentence: Sentence, index: int) -> bool:
    """Inadequate care, not inadequate disk space."""
    if not _CONDUCT.isdisjoint(sentence.words[index + 1 : index + 3]):
        return True
    predicate = sentence.word(index - 1) in lex.TO_BE
    return predicate and not _CONDUCT.isdisjoint(sentence.near(index, before=8))


def _violation(sentence: Sentence, index: int) -> Hit | None:
    for target in range(index + 1, min(index + 5, len(sentence.words))):
        if sentence.words[target] in _PROCEDURES:
            return (index, target) if subject_of(sentence, index) is Subject.PERSON else None
    return None


NORMATIVE = Rule(
    Category.NORMATIVE, _WRONGLY | _VIOLATING | {"inadequate", "poor", "bad", "terrible", "questionable"}, _find
)
