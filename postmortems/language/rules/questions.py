"""Questions that ask a person to justify themselves, or for a culprit."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject, classify, person_ahead, phrase_end
from postmortems.language.rules.base import Hit, Rule, past_adverbs
from postmortems.language.sentences import Sentence

_WHY = lex.words("did didn't had hadn't would wouldn't could couldn't has hasn't haven't have")
_DEEDS = lex.words(
    """
    did approved deployed made changed pushed merged broke wrote ran deleted caused forgot missed decided signed
    introduced let allowed authorised authorized committed touched ignored restarted dropped took configured
    disabled enabled turned
    """
)
_ASKING = lex.words("out ask asked determine establish asking wonder")
_UNKNOWN = lex.words("not don't didn't doesn't want wanted wants need needed needs never nobody")
_ANYBODY = frozenset({"anybody", "anyone", "nobody", "everybody", "everyone", "somebody", "someone"})


def _find(sentence: Sentence) -> Iterator[Hit]:
    for index, word in enumerate(sentence.words):
        hit = None
        if word == "why" and index <= 2:
            hit = _why(sentence, index)
        elif word == "who":
            hit = _who(sentence, index)
        if hit:
            yield hit


def _why(sentence: Sentence, why: int) -> Hit | None:
    """For "Why didn't Bo …?", not for "Why did the queue grow?"."""
    if sentence.word(why + 1) not in _WHY:
        return None
    start = past_adverbs(sentence, why + 2)
    if sentence.word(start) == "we" and not _is_reproach(sentence, why, start):
        return None
    end = start if sentence.word(start) in _ANYBODY | {"they"} else person_ahead(sentence, start)
    return (why, end) if end >= 0 else None


def _is_reproach(sentence: Sentence, why: int, we: int) -> bool:
    """To ask "Why did we choose this queue?" asks about a design; "Why did we not notice?" about a failing."""
    return sentence.word(why + 1).endswith("n't") or "not" in {sentence.word(we - 1), sentence.word(we + 1)}


def _who(sentence: Sentence, who: int) -> Hit | None:
    """For "Who approved this?" and "find out who pushed it"; not for "the engineer who approved it"."""
    deed = who + 1
    while sentence.word(deed) in {"had", "actually", "originally", "last", "even"}:
        deed += 1
    if sentence.word(deed) not in _DEEDS:
        return None
    before = sentence.near(who, before=5)
    asked = sentence.word(who - 1) in _ASKING or (
        sentence.word(who - 1) in {"know", "knows", "knew"} and not _UNKNOWN.isdisjoint(before)
    )
    leading = who <= 1 and sentence.words[-1] == "?"
    if not (asked or leading):
        return None
    if sentence.words[deed] == "did" and _is_auxiliary(sentence, deed + 1):
        return None
    return who, deed


def _is_auxiliary(sentence: Sentence, after: int) -> bool:
    """Whether "did" is followed by somebody, as in "who did the operator call"."""
    if sentence.word(after) in lex.PERSONAL_PRONOUNS | {"they"}:
        return True
    end = phrase_end(sentence, after)
    return end >= after and classify(sentence, after, end) is Subject.PERSON


WHY_OR_WHO = Rule(Category.WHY_OR_WHO, frozenset({"why", "who"}), _find)
