"""What is plain only now, and what looks easy only from outside."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject, is_past
from postmortems.language.rules.base import Hit, Rule, matches, negated, phrase
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import subject_of

_INTENSE = r"(?: \S{2,12}ly| so| quite)?"
_HINDSIGHT = phrase(
    r"(?:in|with(?: the benefit of)?) hindsight|in retrospect"
    r"|(?:everyone|everybody|we all|they all) knew"
    r"(?= (?:that|about|it)(?!\S)| (?:the|this|our) (?:\S+ ){1,5}(?:was|were|is|are|had|would|could)(?!\S))"
    rf"|(?:it|this) (?:was|is|should have been|seems){_INTENSE} obvious|should have been{_INTENSE} obvious"
    rf"|(?:failure|outage|incident|overload|it|this|crash|result|collapse) (?:was|were|is){_INTENSE} predictable"
    r"|predictable (?:failure|outage|consequence|result|mistake|collapse)|^predictably"
)
_OBVIOUSLY = phrase(r"obviously")
_CLEARLY = phrase(
    r"(?:was|were) clearly (?:not|a|an|the|too|wrong|broken|insufficient|unsafe|risky|inadequate|needed)"
    r"|clearly (?:showed|indicated|pointed|should|would|could|needed|knew|failed|missed|ignored)"
)
_PRESENT = lex.words("is are isn't aren't it's that's this's there's we're they're")
_NOW = lex.words("will want wants hope intend plan aim")
_CHANGE = r"(?:change|typo|mistake|bug|fix|tweak|edit|error|update|patch|restart|rollback|deploy|step|task|check)"
_SMALL = (
    r"(?:typo|one-liner|(?:one-line|config|configuration)(?: \S+)?|blip|glitch|hiccup|formality|misconfiguration"
    rf"|mistake|oversight|(?:small|minor|simple|quick|routine|trivial|cosmetic|tiny) (?:\S+ ){{0,2}}{_CHANGE})"
)
_NO_EASE = lex.words("put stated did didn't lacked had ran were was")
_MINIMISING = phrase(
    rf"(?:just|only|simply) an? {_SMALL}|simply (?:forgot|a matter of)"
    r"|trivial (?:change|fix|mistake|bug|typo|error|patch|update|edit|task|step|oversight|config)"
    r"|(?:was|is|been|be|seemed|looked) trivial(?= \.| ,| !| ;|$)"
    r"|trivial to (?:add|fix|avoid|prevent|catch|detect|spot|test|check|roll|undo)"
)


def _find_hindsight(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_HINDSIGHT, sentence):
        if not negated(sentence, first, reach=2):
            yield first, last
    if not _looks_back(sentence):
        return
    for first, _ in (*matches(_OBVIOUSLY, sentence), *matches(_CLEARLY, sentence)):
        adverb = first + (sentence.words[first] in {"was", "were"})
        if not negated(sentence, adverb, reach=2) and not _is_about_now(sentence, adverb):
            yield adverb, adverb
    if sentence.word(0) == "clearly" and sentence.word(1) not in {"", "visible", "labelled", "labeled"}:
        yield 0, 0


def _looks_back(sentence: Sentence) -> bool:
    """Whether the sentence is about then; "obviously we never want this again" is about now."""
    return _NOW.isdisjoint(sentence.vocabulary) and any(
        is_past(word) or word.endswith("n't") or word in {"would", "should", "could"}
        for word in sentence.vocabulary - {"is", "are"}
    )


def _is_about_now(sentence: Sentence, adverb: int) -> bool:
    """As in "obviously it's a gap that has to be addressed"."""
    return not _PRESENT.isdisjoint(sentence.near(adverb, after=3))


def _find_minimising(sentence: Sentence) -> Iterator[Hit]:
    for first, last in matches(_MINIMISING, sentence):
        if not negated(sentence, first):
            yield first, last
    for index, word in enumerate(sentence.words):
        if word == "simply" and _simply_by_somebody(sentence, index):
            yield index, index


def _simply_by_somebody(sentence: Sentence, index: int) -> bool:
    """As in "we simply restarted", "they had to simply press": the work of people."""
    if negated(sentence, index, reach=3):
        return False
    if sentence.word(index - 1) == "to":
        return sentence.word(index - 2) in {"had", "was", "is"}
    act = sentence.word(index + 1)
    return is_past(act) and act not in _NO_EASE and subject_of(sentence, index) is Subject.PERSON


HINDSIGHT = Rule(
    Category.HINDSIGHT,
    lex.words("hindsight retrospect knew obvious obviously predictable predictably clearly"),
    _find_hindsight,
)
MINIMISING = Rule(Category.MINIMISING, lex.words("simply just only trivial"), _find_minimising)
