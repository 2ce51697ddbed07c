"""Stories in which one cause explains everything, or the system was safe until people came."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import person_ahead
from postmortems.language.rules.base import Hit, Rule, matches, negated, phrase
from postmortems.language.sentences import Sentence

_KNOWN = (
    r"(?:was|is|:)(?! (?:not|unknown|unclear|still|being|under|yet|to|never|found|identified|determined"
    r"|now|fixed|resolved|addressed)(?!\S))"
)
_CAUSE = phrase(
    r"the (?:(?:true|real|actual|ultimate|sole|single|only|underlying) )?root cause"
    rf"(?= (?:(?:of|for|behind) (?:[^\s,;:]+ ){{1,12}})?{_KNOWN})"
    r"|the (?:sole|real|true|only|single) cause|all because of"
)
_SEARCH = lex.words(
    """
    find finding found identify identifying determine determining investigate investigating establish know looking
    search searching understand understanding seek seeking once until
"""
)
_WORKED = phrase(
    r"(?:worked|works|ran|running|working|behaved|operating|operated) "
    r"(?:fine|well|perfectly|ok|okay|correctly|flawlessly|smoothly|normally|without problems|as expected|"
    r"as designed) until"
)
_DESPITE = phrase(
    r"(?:despite|in spite of) (?:(?:the|our|all|of|these|having|many|multiple|several|existing) )*"
    r"(?:automation|automated \S+|safeguards?|guardrails?|checks|alerts|warnings?|tooling|safety \S+|interlocks?)"
)


def _find_cause(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_CAUSE, sentence):
        if not negated(sentence, first, reach=3) and _SEARCH.isdisjoint(sentence.near(first, before=4)):
            yield first, last


def _find_mechanistic(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_WORKED, sentence):
        person = person_ahead(sentence, last + 1)
        if person >= 0 and sentence.words[person] not in {"we", "i", "you"}:
            yield first, person
    for first, last in matches(_DESPITE, sentence):
        person = person_ahead(sentence, last + (2 if sentence.word(last + 1) == "," else 1))
        if person >= 0:
            yield first, person


SINGLE_CAUSE = Rule(Category.SINGLE_CAUSE, frozenset({"cause", "because"}), _find_cause)
MECHANISTIC = Rule(Category.MECHANISTIC, frozenset({"until", "despite", "spite"}), _find_mechanistic)
