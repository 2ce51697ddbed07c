"""A person or a team failed to, forgot, ignored, did not check."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import (
    Subject,
    classify,
    is_adverb,
    is_nominal,
    is_participle,
    is_possessive_person,
    person_ahead,
    phrase_start,
)
from postmortems.language.rules.base import Hit, Rule, denied, is_condition, matches, past_adverbs, phrase
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import antecedent, before_auxiliaries, subject_of

_FAILED = frozenset({"failed", "failing"})
_ALWAYS_HUMAN = frozenset({"forgot", "forgotten", "neglected", "overlooked"})
_OFTEN_HUMAN = frozenset({"missed", "ignored", "disregarded"})
_DID_NOT = frozenset({"didn't", "did", "never"})
_UNDONE = lex.words(
    """
    check notice test review read follow verify validate bother monitor communicate escalate ask double-check
    consider document tell inform investigate look rehearse confirm question catch spot
    respond anticipate foresee
    """
)
_NEVER_DONE = lex.words(
    """
    checked noticed tested reviewed read followed verified validated bothered asked documented told rehearsed
    """
)
_PRESS = lex.words("inquiry inquiries request requests comment comments question questions")
_STEPS = lex.words("copy update ensure perform comply")
_WELL = lex.words("properly adequately sufficiently correctly thoroughly")
_ONLY_PEOPLE_DO = lex.words("bother bothered tell told inform escalate rehearse rehearsed anticipate foresee")
_SIGNALS = lex.words(
    """
    alert alerts alarm alarms warning warnings page pages step steps email
    """
)
_STARTS_BY_ITSELF = lex.words("start boot run load come restart connect register join deploy scale")
_LET_DOWN_BY_SYSTEMS = lex.words("log sign receive load connect authenticate download upload access push pull")
_TARGETS = lex.words(
    """
    slo slos sla slas target targets objective objectives expectations goal goals deadline deadlines budget
    """
)
_NOBODY_DID = phrase(
    r"(?:nobody|no one|no-one|none of (?:us|them|the \S+)|neither of (?:us|them|the \S+)|no (?:engineer|operator|"
    r"reviewer|developer|responder|one on the team))(?: (?:at|on|in|from) (?:the |our )?\S+(?: team)?)?"
    r"(?: had| has| ever| really| even| actually)*"
    r" (?:checked|noticed|tested|reviewed|verified|validated|read|documented|asked|told|communicated|"
    r"escalated|followed|monitored|questioned|spotted|considered|bothered|looked|thought|reali[sz]ed)"
)


def _find(sentence: Sentence) -> Iterator[Hit]:
    yield from matches(_NOBODY_DID, sentence)
    for index, word in enumerate(sentence.words):
        hit = None
        if word in _FAILED:
            hit = _failed_to(sentence, index)
        elif word in _ALWAYS_HUMAN or word in _OFTEN_HUMAN:
            hit = _left_undone(sentence, index)
        elif word in _DID_NOT:
            hit = _did_not(sentence, index)
        elif word in {"failure", "failures"}:
            hit = _failure_to(sentence, index)
        if hit and not denied(sentence, index) and not is_condition(sentence, index):
            yield hit


def _failed_to(sentence: Sentence, index: int) -> Hit | None:
    if sentence.word(index + 1) != "to" or sentence.word(index - 1) in lex.NEGATIONS:
        return None
    if _is_about_systems(sentence, index):
        return None
    if not _is_persons_failing(sentence, index) and subject_of(sentence, index) is not Subject.PERSON:
        return None
    act = past_adverbs(sentence, index + 2)
    return index, act if sentence.word(act) not in lex.PUNCTUATION | {""} else index + 1


def _is_persons_failing(sentence: Sentence, index: int) -> bool:
    """The participle has the noun before it as its subject: "the result of somebody failing to"."""
    noun = index - 1
    return (
        sentence.words[index] == "failing"
        and is_nominal(sentence, noun)
        and classify(sentence, phrase_start(sentence, noun), noun) is Subject.PERSON
    )


def _is_about_systems(sentence: Sentence, failed: int) -> bool:
    """What machines do, "the operator failed to spawn", or do not let people do, "staff failed to log in"."""
    verb, after = sentence.word(failed + 2), sentence.word(failed + 3)
    if verb in _LET_DOWN_BY_SYSTEMS:
        return True
    if sentence.word(before_auxiliaries(sentence, failed)) not in lex.AMBIGUOUS_PEOPLE:
        return False
    alone = after in lex.PUNCTUATION | lex.CLAUSE_OPENERS | lex.PREPOSITIONS | {""}
    return verb in lex.MACHINE_VERBS or (verb in _STARTS_BY_ITSELF and alone)


def _left_undone(sentence: Sentence, index: int) -> Hit | None:
    word = sentence.words[index]
    left = index - 1
    while is_adverb(sentence.word(left)):
        left -= 1
    if sentence.word(left) in lex.TO_BE:
        return _was_left_undone(sentence, index, left)
    if word == "forgotten" and not _is_have(sentence.word(left)):
        return None
    if not _TARGETS.isdisjoint(sentence.near(index, after=5)):
        return None
    human = word in _ALWAYS_HUMAN
    if human and _are_people_by_verb(sentence, index):
        return index, index
    subject = subject_of(sentence, index, human_verb=True)
    if subject is Subject.ABSENT and sentence.word(index + 1) not in lex.DETERMINERS | {"to", "that", "about", "it"}:
        return None  # "Overlooked dependencies": no verb
    return (index, index) if _is_meant(subject, human) else None


def _are_people_by_verb(sentence: Sentence, verb: int) -> bool:
    """Whoever "they" are, if they forgot or did not bother, they are people."""
    return sentence.word(before_auxiliaries(sentence, verb)).split("'")[0] == "they"


def _is_have(word: str) -> bool:
    return word in lex.HAVE or word.endswith(("'d", "'ve"))


def _is_meant(subject: Subject, human_verb: bool) -> bool:
    return subject is Subject.PERSON or (human_verb and subject in {Subject.STRANGER, Subject.ABSENT})


def _was_left_undone(sentence: Sentence, index: int, auxiliary: int) -> Hit | None:
    """The passive: "was ignored by the team", "was forgotten"."""
    agent = past_adverbs(sentence, index + 1)
    if sentence.word(agent) == "by":
        return (index, index) if person_ahead(sentence, agent + 1) >= 0 else None
    if sentence.word(auxiliary) not in {"was", "were", "been", "being", "got"}:
        return None
    subject = sentence.word(before_auxiliaries(sentence, index))
    return (index, index) if sentence.words[index] in _ALWAYS_HUMAN or subject in _SIGNALS else None


def _did_not(sentence: Sentence, index: int) -> Hit | None:
    end = index + 1
    if sentence.words[index] == "did":
        if sentence.word(end) != "not":
            return None
        end += 1
    end = past_adverbs(sentence, end)
    undone = _NEVER_DONE if sentence.words[index] == "never" else _UNDONE
    if _was_skipped(sentence, index, end):
        return index, end
    if sentence.word(end) not in undone or sentence.word(index - 1) in lex.TO_BE or _asks_why(sentence):
        return None
    if sentence.word(end) == "respond" and not _PRESS.isdisjoint(sentence.near(end, after=8)):
        return None
    if sentence.word(end) in _ONLY_PEOPLE_DO and _are_people_by_verb(sentence, index):
        return index, end
    subject = subject_of(sentence, index, human_verb=True)
    return (index, end) if subject in {Subject.PERSON, Subject.ABSENT} else None


def _was_skipped(sentence: Sentence, index: int, end: int) -> bool:
    """Work of a person that was to be done: "did not copy the file", "did not properly set the brakes"."""
    judged = not _WELL.isdisjoint(sentence.words[index:end]) and sentence.word(end) not in lex.TO_BE
    if not (judged or sentence.word(end) in _STEPS) or sentence.words[index] == "never" or _asks_why(sentence):
        return False
    doer = sentence.word(before_auxiliaries(sentence, index))
    return doer not in lex.AMBIGUOUS_PEOPLE and subject_of(sentence, index) is Subject.PERSON


def _asks_why(sentence: Sentence) -> bool:
    """Left to the rule about questions."""
    return sentence.word(0) in {"why", "who"}


def _failure_to(sentence: Sentence, index: int) -> Hit | None:
    """The noun: "the operator's failure to close it", "the failure of the crew to close it"."""
    if sentence.word(index + 1) in {"of", "by"}:
        person = person_ahead(sentence, index + 2)
        return (index, person) if person >= 0 and "to" in sentence.near(person, after=6) else None
    if sentence.word(index + 1) != "to" or is_participle(sentence.word(index + 2)):
        return None
    owner = index - 1 if is_possessive_person(sentence, index - 1) else index - 2
    return (owner, index + 2) if _is_owner(sentence, owner) and sentence.word(index + 2) else None


def _is_owner(sentence: Sentence, index: int) -> bool:
    """For "the crew's repeated failure to"; "their" is theirs only if people were named before."""
    if sentence.word(index) == "their":
        return antecedent(sentence, index) is Subject.PERSON
    return index >= 0 and is_possessive_person(sentence, index)


NEGATIVE_VERBS = Rule(
    Category.PERSON_NEGATIVE_VERB,
    _FAILED | _ALWAYS_HUMAN | _OFTEN_HUMAN | _DID_NOT | lex.NOBODY | {"no", "failure", "failures"},
    _find,
)
