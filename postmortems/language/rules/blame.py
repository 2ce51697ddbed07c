"""Somebody is to blame, is at fault, broke production."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject, is_nominal, is_possessive_person, person_ahead
from postmortems.language.rules.base import Hit, Rule, negated, past_adverbs
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import subject_of

_BREAKING = lex.words("caused broke crashed killed")
_BROKEN = lex.words("caused broken crashed")
_DOWN = lex.words("took taken brought knocked")
_BREAKABLE = lex.words(
    """
    prod production outage outages incident incidents site website build downtime disruption breakage
    """
)
_HARM = _BREAKABLE | lex.words("failure problem issue error mistake loss crash deletion")
_ON_PURPOSE = lex.words("prevent avoid protect planned deliberately intentionally purposely temporarily maintenance")
_ANYBODY = lex.words("someone somebody anyone anybody")  # "the wish to find someone to blame"
_TECHNICAL_FAULTS = lex.words("tolerance domain domains injection line lines isolation handling detection")


def _find(sentence: Sentence) -> Iterator[Hit]:
    for index, word in enumerate(sentence.words):
        hit = None
        if word in {"blame", "blamed", "blames", "blaming"}:
            hit = _blame(sentence, index)
        elif word == "fault":
            hit = _fault(sentence, index)
        elif word in _BREAKING or word in _BROKEN or word in _DOWN:
            hit = _broke(sentence, index)
        elif word == "responsible":
            hit = _responsible(sentence, index)
        if hit:
            yield hit


def _blame(sentence: Sentence, index: int) -> Hit | None:
    if sentence.word(index - 1) == "git" or negated(sentence, index):
        return None
    if sentence.word(index - 1) == "to" and subject_of(sentence, index - 1) is Subject.PERSON:
        return None if sentence.word(index - 2) in _ANYBODY else (index - 1, index)
    target = index + (2 if sentence.word(index + 1) == "on" else 1)
    person = person_ahead(sentence, target)
    return (index, person) if person >= 0 else None


def _fault(sentence: Sentence, index: int) -> Hit | None:
    if negated(sentence, index) or sentence.word(index + 1) in _TECHNICAL_FAULTS:
        return None
    if is_possessive_person(sentence, index - 1):
        return index - 1, index
    if sentence.word(index - 1) == "at" and subject_of(sentence, index - 1) is Subject.PERSON:
        return index - 1, index
    if sentence.word(index + 1) == "of" and person_ahead(sentence, index + 2) >= 0:
        return index, person_ahead(sentence, index + 2)
    return None


def _broke(sentence: Sentence, index: int) -> Hit | None:
    end = index
    if sentence.words[index] in _DOWN:
        if sentence.word(index + 1) != "down":
            return None
        end += 1
    agent = past_adverbs(sentence, end + 1)
    if sentence.word(agent) == "by" and sentence.words[index] not in {"broke", "took", "killed"}:
        person = person_ahead(sentence, agent + 1)
        return (index, person) if person >= 0 and not negated(sentence, index) else None
    if sentence.words[index] in {"broken", "taken"} or negated(sentence, index, reach=3):
        return None
    return _broke_something(sentence, index, end)


def _broke_something(sentence: Sentence, index: int, end: int) -> Hit | None:
    """For "Bo broke the build"; not for "we took the site down for maintenance", "we broke the site into parts"."""
    target = next((at for at in range(end + 1, end + 5) if sentence.word(at) in _BREAKABLE), -1)
    if target < 0 or not _ON_PURPOSE.isdisjoint(sentence.vocabulary):
        return None
    if not {"into", "no"}.isdisjoint(sentence.words[end + 1 : target + 2]):
        return None
    return (index, target) if subject_of(sentence, index) is Subject.PERSON else None


def _responsible(sentence: Sentence, index: int) -> Hit | None:
    """Held responsible; who "is the engineer responsible for the incident" has a duty."""
    if sentence.word(index + 1) != "for" or negated(sentence, index):
        return None
    if lex.TO_BE.isdisjoint(sentence.near(index, before=2)) and sentence.word(index - 1) != "held":
        return None
    for target in range(index + 2, min(index + 6, len(sentence.words))):
        if sentence.words[target] in _HARM and not is_nominal(sentence, target + 1):
            return (index, target) if subject_of(sentence, index) is Subject.PERSON else None
    return None


BLAME = Rule(
    Category.BLAME,
    _BREAKING | _BROKEN | _DOWN | {"blame", "blamed", "blames", "blaming", "fault", "responsible"},
    _find,
)
