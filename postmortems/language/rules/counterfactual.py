"""What somebody should have done. What a machine should have done is its specification, and is left alone."""

from collections.abc import Iterator

from postmortems.language import lexicon as lex
from postmortems.language.categories import Category
from postmortems.language.phrases import Subject, is_adverb, is_participle, person_ahead
from postmortems.language.rules.base import Hit, Rule, denied, past_adverbs
from postmortems.language.sentences import Sentence
from postmortems.language.subjects import before_auxiliaries, subject_of

_DUTIES = frozenset({"should", "shouldn't", "should've", "ought", "oughtn't", "needed"})
_CHANCES = frozenset({"could", "could've", "would", "would've"})
_NO_ACTS = lex.words("received gotten dedicated limited automated shared detailed restricted increased improved")
_LEFT_TO_PEOPLE = lex.words(
    """
    checked tested noticed reviewed verified validated rehearsed documented approved waited gated staged
    escalated communicated monitored caught prevented avoided spotted averted foreseen anticipated announced
    investigated addressed deployed launched told informed warned asked planned questioned discussed followed
    """
)
_HUMAN_ACTS = _LEFT_TO_PEOPLE | lex.words("acknowledged considered merged read seen known thought")
_MACHINES_DO = lex.words("automatically automated")
_LIVED_THROUGH = lex.words("seen noticed experienced received lost felt had")
_DEADLINES = lex.words("by soon shortly tomorrow next")
_DAYS = lex.TIME_NOUNS | {"now", "then", "tomorrow", "today", "next", "end", "noon", "midnight", "the"}
_REACHED_BY_MACHINES = lex.words("able paged notified alerted called woken emailed")
_MISSED_CHANCES = lex.words(
    """
    caught noticed seen spotted detected known prevented avoided averted tested checked found realised realized
    acted responded asked verified reviewed anticipated foreseen stopped escalated rolled reacted mitigated
    communicated done sounded warned called
    """
)
_MISSED_SIGHTS = lex.words(
    """
    caught noticed seen spotted detected known prevented avoided averted realised realized found anticipated foreseen
"""
)
_NO_CHANCE = lex.words("nothing little anything")  # "there was nothing we could have done"
_AVERTED = lex.words("prevented avoided averted mitigated")
_PREVENTABLE = _AVERTED | lex.words("caught noticed spotted foreseen")


def _find(sentence: Sentence) -> Iterator[Hit]:
    for index, word in enumerate(sentence.words):
        hit = None
        if word in _DUTIES or word in _CHANCES:
            hit = _modal(sentence, index)
        elif word == "only" and sentence.word(index - 1) == "if":
            hit = _if_only(sentence, index)
        elif word == "had" and sentence.word(index - 1) in {"", ","}:
            hit = _had_somebody(sentence, index)
        if hit and not denied(sentence, index) and not _is_about_wording(sentence, index):
            yield hit


def _is_about_wording(sentence: Sentence, index: int) -> bool:
    """As in "saying what people should have done explains nothing"."""
    return sentence.word(0) in {"saying", "asking"} and "what" in sentence.near(index, before=4)


def _modal(sentence: Sentence, index: int) -> Hit | None:
    """One of "should (not) have", "ought to have", "needed to have", "could have", "would have", then a participle."""
    word = sentence.words[index]
    act = _participle_after(sentence, index)
    if act < 0:
        return None
    done = sentence.words[act]
    duty = word in _DUTIES
    if done == "been":
        return _passive(sentence, index, act, duty=duty)
    if done == "known" and sentence.word(act + 1) == "better":
        return None  # a judgement of character
    subject = subject_of(sentence, index)
    meant = subject in {Subject.PERSON, Subject.NOBODY} or (subject is Subject.STRANGER and done in _HUMAN_ACTS)
    if not meant:
        return None
    if duty:
        return None if _is_expected(sentence, index, act) else (index, act)
    excused = not {"not", "never"}.isdisjoint(sentence.words[index:act]) or sentence.word(index - 1) == "you"
    excused = excused or not _NO_CHANCE.isdisjoint(sentence.near(index, before=4))
    missed = _MISSED_CHANCES if word.startswith("could") else _MISSED_SIGHTS
    return (index, act) if done in missed and not excused else None


def _is_expected(sentence: Sentence, modal: int, act: int) -> bool:
    """A plan, "by Friday we should have finished", or what readers are told: "you should not have noticed"."""
    if sentence.words[act] in _LIVED_THROUGH:
        bystander = sentence.word(before_auxiliaries(sentence, modal))
        return bystander in {"you", "nobody", "one", "none", "everyone", "everybody"}
    return any(_is_deadline(sentence, index) for index, word in enumerate(sentence.words) if word in _DEADLINES)


def _is_deadline(sentence: Sentence, index: int) -> bool:
    """For "by Friday" and "shortly.", not for "by reading the log" and "shortly before the explosion"."""
    follows = sentence.word(index + 1)
    if sentence.words[index] == "by":
        return follows in _DAYS or follows[:1].isdigit()
    return sentence.words[index] == "tomorrow" or follows in lex.PUNCTUATION | lex.TIME_NOUNS | {""}


def _participle_after(sentence: Sentence, modal: int) -> int:
    """Where the participle of "should not have properly checked" stands, or -1."""
    end = past_adverbs(sentence, modal + 1)
    if sentence.words[modal] in {"ought", "oughtn't", "needed"}:
        if sentence.word(end) == "not":
            end += 1
        if sentence.word(end) != "to":
            return -1
        end = past_adverbs(sentence, end + 1)
    if not sentence.words[modal].endswith("'ve"):
        if sentence.word(end) not in {"have", "of"}:
            return -1
        end += 1
    end = past_adverbs(sentence, end)
    word = sentence.word(end)
    return end if is_participle(word) and word not in _NO_ACTS else -1


def _passive(sentence: Sentence, modal: int, been: int, *, duty: bool) -> Hit | None:
    """The passive, "should have been tested": somebody's omission, unless a thing is named that was to do it."""
    end = been + 1
    while is_adverb(sentence.word(end)):
        end += 1
    done = sentence.word(end)
    left = sentence.word(before_auxiliaries(sentence, modal))
    if duty and left == "there":
        return modal, been
    if duty and subject_of(sentence, modal) in {Subject.PERSON, Subject.NOBODY}:
        return _passive_person(sentence, modal, end)
    if duty and is_participle(done) and _is_done_by_a_person(sentence, end):
        return modal, end
    excused = not duty and not {"not", "never"}.isdisjoint(sentence.words[modal:been])
    if excused or done not in (_LEFT_TO_PEOPLE if duty else _PREVENTABLE):
        return None
    return None if _is_done_by_a_thing(sentence, modal, end) else (modal, end)


def _is_done_by_a_person(sentence: Sentence, act: int) -> bool:
    """As in "should have been stopped by the operators on duty"."""
    return sentence.word(act + 1) == "by" and person_ahead(sentence, act + 2) >= 0


def _is_done_by_a_thing(sentence: Sentence, modal: int, act: int) -> bool:
    """As in "should have been stopped automatically", "would have been noticed sooner by the new alert"."""
    if not _MACHINES_DO.isdisjoint(sentence.words[modal : act + 3]):
        return True
    after = sentence.words[act + 1 : act + 4]
    if "by" not in after:
        return False
    agent = act + 2 + after.index("by")
    if sentence.words[act] in _AVERTED and sentence.word(agent).endswith("ing"):
        return False  # "by deploying the records first": how, not what
    return person_ahead(sentence, agent) < 0


def _passive_person(sentence: Sentence, modal: int, state: int) -> Hit | None:
    """For "he should have been more careful"; not for "should have been paged", which a machine was to do."""
    word = sentence.word(state)
    if not word or word in _REACHED_BY_MACHINES or word in lex.PUNCTUATION:
        return None
    compared = word in {"more", "less", "better"} and sentence.word(state + 1) != ""
    return modal, state + compared


def _if_only(sentence: Sentence, only: int) -> Hit | None:
    """For "if only we had", not for "if only one node is up"."""
    follows = only + 1
    if sentence.word(follows) in {"they", "there", "it"} or person_ahead(sentence, follows) >= 0:
        return only - 1, only
    return None


def _had_somebody(sentence: Sentence, had: int) -> Hit | None:
    """The inverted condition, "Had the engineer (only) looked …"."""
    person = person_ahead(sentence, had + 1)
    if person < 0:
        return None
    act = past_adverbs(sentence, person + 1)
    if "not" in sentence.words[person:act] or not is_participle(sentence.word(act)):
        return None
    return had, act


COUNTERFACTUAL = Rule(Category.COUNTERFACTUAL, _DUTIES | _CHANCES | {"only", "had"}, _find)
