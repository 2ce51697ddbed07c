"""The subject of a verb: a person or a team, or a thing.

No parser: the words to the left of the verb are walked back over adverbs and auxiliaries, prepositional phrases
("the engineer on duty"), reduced and full relative clauses ("the script written by Bo", "the engineer who …"),
parentheses between commas, and verbs that share their subject ("noticed … but failed to"). Whatever is not
recognised is a thing, because a needless warning costs more than a missed one.
"""

from postmortems.language import lexicon as lex
from postmortems.language.phrases import (
    Subject,
    classify,
    is_adverb,
    is_nominal,
    is_participle,
    is_past,
    phrase_start,
)
from postmortems.language.sentences import Sentence

_REACH = 20  # words walked back at most for a shared subject
_AUXILIARIES = 8  # auxiliaries and adverbs walked over at most
_DEPTH = 3  # clauses walked through at most
_PERSONAL = lex.PERSONAL_PRONOUNS
_CONTRACTED = ("'d", "'ve", "'ll", "'re", "'m")
_JOINTS = lex.COORDINATORS | {",", "–", "—"}
_JOINT = -2  # the verb shares the subject of the verb before
_ITSELF, _NOTHING = -1, -3  # a phrase that hangs on no noun: take it, or give up


def subject_of(sentence: Sentence, verb: int, *, human_verb: bool = False, depth: int = 0) -> Subject:
    """Who does what the word at `verb` says.

    `human_verb` tells that machines do not do it (forget, overlook), so that in "Bo saw that the cache was slow
    but ignored it" the outer subject is meant.
    """
    key = (verb, human_verb, depth)
    if key not in sentence.subjects:
        sentence.subjects[key] = _found_subject(sentence, verb, human_verb=human_verb, depth=depth)
    return sentence.subjects[key]


def _found_subject(sentence: Sentence, verb: int, *, human_verb: bool, depth: int) -> Subject:
    index = before_auxiliaries(sentence, verb)
    if index < 0:
        return Subject.ABSENT if verb <= 1 else Subject.THING
    if depth > _DEPTH:
        return Subject.THING
    pronoun = _pronoun(sentence, index)
    if pronoun is not None:
        return pronoun
    end = _phrase_behind(sentence, index)
    if end == _JOINT:
        return _shared_subject(sentence, index, human_verb=human_verb, depth=depth)
    return _phrase_subject(sentence, end, depth)


def _pronoun(sentence: Sentence, index: int) -> Subject | None:
    word = sentence.words[index]
    if word == "who" and sentence.word(index - 1) in lex.OUTSIDERS:
        return Subject.THING  # nobody who worked on the incident
    if word in _PERSONAL or (word.endswith(_CONTRACTED) and word.split("'")[0] in _PERSONAL):
        return Subject.PERSON
    if word == "they" or word.startswith("they'"):
        return antecedent(sentence, index)
    return None


def _phrase_behind(sentence: Sentence, index: int) -> int:
    """Where the noun phrase ends that the word at `index` continues: a relative, a parenthesis, or the noun itself."""
    word = sentence.words[index]
    if word in {"that", "which"}:
        return index - (2 if sentence.word(index - 1) == "," else 1)
    if word == ")":
        return _opening_bracket(sentence, index) - 1
    opening = _opening_comma(sentence, index) if word == "," else -1
    if opening >= 0:
        return opening - 1
    return _JOINT if word in _JOINTS else index


def before_auxiliaries(sentence: Sentence, verb: int) -> int:
    """The word left of the verb's auxiliaries and adverbs: "Bo | may not have properly checked"."""
    index = verb - 1
    stop = verb - 1 - _AUXILIARIES
    while (
        index >= 0 and index > stop and (sentence.words[index] in lex.AUXILIARIES or is_adverb(sentence.words[index]))
    ):
        index -= 1
    return index


def _phrase_subject(sentence: Sentence, end: int, depth: int) -> Subject:
    """What the noun phrase that ends at `end`, with all that hangs on it, is about."""
    for _ in range(_DEPTH + 1):
        start = phrase_start(sentence, end)
        if start > end:
            return Subject.THING
        outer = _governor(sentence, start, end)
        if outer is None:
            return _behind_relative(sentence, start, end, depth)
        if outer < 0:
            return classify(sentence, start, end) if outer == _ITSELF else Subject.THING
        end = outer
    return Subject.THING


def _governor(sentence: Sentence, start: int, end: int) -> int | None:
    """The end of the phrase that this one hangs on; None if on none."""
    before = start - 1
    word = sentence.word(before)
    if word == "that" and sentence.words[end] in lex.TIME_NOUNS:
        return before - 1
    if word.endswith("ing"):
        return before - 1 if is_nominal(sentence, before - 1) else _NOTHING
    if word not in lex.PREPOSITIONS:
        return None
    left = before - 1
    if word == "of" and sentence.word(left) in lex.QUANTIFIERS:
        return _ITSELF
    if _is_reduced_relative(sentence, left):
        return left - 1
    return left if is_nominal(sentence, left) else _adverbial(sentence, start, end)


def _adverbial(sentence: Sentence, start: int, end: int) -> int:
    """In "on Monday engineers failed": the last noun is the subject. "On the host failed" has none."""
    return _ITSELF if end > start and sentence.words[start] not in lex.DETERMINERS else _NOTHING


def _is_reduced_relative(sentence: Sentence, index: int) -> bool:
    """Such as "working" in "engineers working on", "written" in "the script written by"."""
    word = sentence.word(index)
    return (word.endswith("ing") or is_participle(word)) and is_nominal(sentence, index - 1)


def _behind_relative(sentence: Sentence, start: int, end: int, depth: int) -> Subject:
    """In "the engineer who deployed the change failed to", the change is not the subject."""
    verb = sentence.word(start - 1)
    if is_past(verb) and verb not in lex.COGNITION:
        for index in range(start - 2, max(-1, start - 9), -1):
            word = sentence.words[index]
            if word == "who":
                return Subject.PERSON
            if word in {"that", "which"}:
                return _phrase_subject(sentence, index - 1, depth + 1) if depth < _DEPTH else Subject.THING
    return classify(sentence, start, end)


def _shared_subject(sentence: Sentence, joint: int, *, human_verb: bool, depth: int) -> Subject:
    """The subject of the verb before the conjunction at `joint`."""
    embedded = False
    for index in range(joint - 1, max(-1, joint - _REACH), -1):
        word = sentence.words[index]
        if word == ";":
            break
        if (embedded and word not in lex.COGNITION) or not is_past(word):
            continue
        if word.endswith("ed") and sentence.word(index - 1) in lex.DETERMINERS | lex.LINKING:
            continue
        subject = subject_of(sentence, index, human_verb=human_verb, depth=depth + 1)
        if subject is Subject.PERSON or not human_verb:
            return subject
        embedded = True
    return Subject.THING


def _opening_comma(sentence: Sentence, closing: int) -> int:
    """The comma that opens "the engineer, tired after a long night, failed": -1 if there is none."""
    for index in range(closing - 1, max(0, closing - 15), -1):
        if sentence.words[index] == ",":
            follows = sentence.word(index + 1)
            parenthesis = follows not in lex.COORDINATORS | lex.PERSONAL_PRONOUNS | {"it", "they"}
            return index if parenthesis and not _has_finite_verb(sentence, index + 1, closing) else -1
    return -1


def _has_finite_verb(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a clause of its own stands between the commas; "who was tired" and "paged twice" are none."""
    first = sentence.word(start)
    if first in lex.RELATIVES or is_participle(first):
        return False
    return any(is_past(sentence.words[index]) for index in range(start + 1, end))


def _opening_bracket(sentence: Sentence, closing: int) -> int:
    """The bracket that the one at `closing` closes; itself if it is too far."""
    for index in range(closing - 1, max(0, closing - 20), -1):
        if sentence.words[index] == "(":
            return index
    return closing


def antecedent(sentence: Sentence, pronoun: int) -> Subject:
    """Whom "they" means: the nearest person, unless a plural thing is nearer. Unknown where nothing went before."""
    if pronoun == 0 and sentence.previous is None:
        return Subject.STRANGER
    for earlier, end in ((sentence, pronoun), (sentence.previous, None)):
        if earlier is None:
            continue
        for index in range((len(earlier.words) if end is None else end) - 1, -1, -1)[:25]:
            if not is_nominal(earlier, index) or earlier.words[index].endswith("'s"):
                continue
            if classify(earlier, phrase_start(earlier, index), index) is Subject.PERSON:
                return Subject.PERSON
            if _is_plural(earlier.words[index]):
                return Subject.THING
    return Subject.THING


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
