"""What is plain only now, and what looks easy only from outside."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject
from postmortems.language.rules.base import Hit, Rule, matches, negated, phrase
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import subject_of

_INTENSE = r"(?: \S{2,12}ly| so| quite)?"
_HINDSIGHT = phrase(
    r"(?:in|with(?: the benefit of)?) hindsight|in retrospect|(?:everyone|everybody|we all|they all) knew"
    rf"|(?:it|this) (?:was|is|should have been|seems){_INTENSE} obvious|should have been{_INTENSE} obvious"
    rf"|(?:failure|outage|incident|overload|it|this|crash|result|collapse) (?:was|were|is){_INTENSE} predictable"
    r"|predictable (?:failure|outage|consequence|result|mistake|collapse)|predictably"
)
_OBVIOUSLY = phrase(r"obviously")
_CLEARLY = phrase(
    r"clearly (?:showed|indicated|pointed|wrong|broken|not|a|an|the|too|insufficient|unsafe|risky|should|would|could|"
    r"needed|knew|failed|missed|ignored|inadequate)"
)
_SMALL = (
    r"(?:typo|one-liner|one-line|config|configuration|blip|glitch|hiccup|formality|warning|restart|minor|simple|quick|"
    r"routine|trivial|cosmetic|tiny|misconfiguration|mistake|oversight|flag|bug"
    r"|small (?:\S+ ){0,2}(?:change|typo|mistake|bug|fix|tweak|edit|error))"
)
_NO_EASE = lex.words("because due put stated did didn't do don't lacked not had")
_MINIMISING = phrase(
    rf"(?:just|only|simply) an? {_SMALL}|simply (?:forgot|a matter of)"
    r"|trivial (?:change|fix|mistake|bug|typo|error|patch|update|edit|task|step|oversight|config)"
    r"|(?:was|is|been|be|seemed|looked) trivial(?= \.| ,| !| ;|$)"
    r"|trivial to (?:add|fix|avoid|prevent|catch|detect|spot|test|check|roll|undo)"
)


def _find_hindsight(sentence: Sentence) -> Iterator[Hit]:
    for pattern in (_HINDSIGHT, _OBVIOUSLY, _CLEARLY):
        for first, last in matches(pattern, sentence):
            if not negated(sentence, first, reach=2):
                yield first, (first if pattern is _CLEARLY else last)
    if sentence.word(0) == "clearly" and sentence.word(1) not in {"", "visible", "labelled", "labeled"}:
        yield 0, 0


def _find_minimising(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_MINIMISING, sentence):
        if not negated(sentence, first):
            yield first, last
    for index, word in enumerate(sentence.words):
        if word == "simply" and _simply_by_somebody(sentence, index):
            yield index, index


def _simply_by_somebody(sentence: Sentence, index: int) -> bool:
    """As in "we simply restarted", "they had to simply press": the work of people."""
    if negated(sentence, index, reach=3) or sentence.word(index + 1) in _NO_EASE:
        return False
    if sentence.word(index - 1) == "to":
        return sentence.word(index - 2) in {"had", "was", "is"}
    return subject_of(sentence, index) is Subject.PERSON and sentence.word(index + 1) not in lex.PUNCTUATION


HINDSIGHT = Rule(
    Category.HINDSIGHT,
    lex.words("hindsight retrospect knew obvious obviously predictable predictably clearly"),
    _find_hindsight,
)
MINIMISING = Rule(Category.MINIMISING, lex.words("simply just only trivial"), _find_minimising)
