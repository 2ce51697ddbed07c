"""Actions that ask people to try harder."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import person_ahead
from postmortems.language.rules.base import Hit, Rule, matches, phrase
from postmortems.language.sentences import Sentence

_TRY_HARDER = phrase(
    r"(?:be|stay|become) (?:(?:more|extra|very|much|a bit) )*(?:careful|vigilant|cautious|attentive|diligent|mindful)"
    r"|pay (?:(?:more|closer|better|extra|close) )?attention"
    r"|(?:take|exercise|use) (?:(?:more|extra|greater|better) )?(?:care|caution)"
    r"|(?:raise|increase) awareness|(?:don't|do not|never) forget to|try harder|communicate better"
)
_WITH_PEOPLE = lex.words("remind retrain train educate coach")
_SOFT = phrase(r"double[- ]check|remember to|make sure|ensure(?: that)?")
_POLITE = lex.words(
    """
    please we everyone everybody should must always to and engineers developers operators need will
    """
)
_STRONG = lex.words(
    """
    add build create automate alert write implement configure introduce enforce block extend script generate
    install make deploy schedule have
    """
)


def _find(sentence: Sentence) -> Iterator[Hit]:
    yield from (hit for hit in matches(_TRY_HARDER, sentence))
    for index, word in enumerate(sentence.words):
        if word in _WITH_PEOPLE and _is_order(sentence, index):
            hit = _people_ahead(sentence, index)
            if hit:
                yield hit
    for first, last in matches(_SOFT, sentence):
        if not _is_order(sentence, first):
            continue
        person = person_ahead(sentence, last + (2 if sentence.word(last + 1) == "that" else 1))
        if sentence.words[first] in {"double-check", "double", "remember"}:
            yield first, last
        elif person >= 0:
            yield first, person


def _is_order(sentence: Sentence, index: int) -> bool:
    """Whether the verb is what the action asks for, not what a thing to be built will do."""
    before = sentence.words[:index]
    return _STRONG.isdisjoint(before[:1]) and all(word in _POLITE for word in before[-3:])


def _people_ahead(sentence: Sentence, index: int) -> Hit | None:
    person = person_ahead(sentence, index + 1)
    if person >= 0:
        return index, person
    if sentence.words[index] == "retrain" and sentence.word(index + 1) in {"on", ""}:
        return index, index
    return None


WEAK_ACTION = Rule(
    Category.WEAK_ACTION,
    _WITH_PEOPLE
    | lex.words(
        """
    careful vigilant cautious attentive diligent mindful attention care caution awareness forget harder
    """
    )
    | lex.words("better double-check double remember sure ensure"),
    _find,
)
