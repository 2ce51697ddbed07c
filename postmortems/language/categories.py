"""What the coach looks for, why it matters, and what it asks instead."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """A habit of wording that hides how work was really done."""

    COUNTERFACTUAL = "counterfactual"
    PERSON_NEGATIVE_VERB = "person_negative_verb"
    HUMAN_ERROR = "human_error"
    CHARACTER = "character"
    BLAME = "blame"
    NORMATIVE = "normative"
    HINDSIGHT = "hindsight"
    SINGLE_CAUSE = "single_cause"
    MECHANISTIC = "mechanistic"
    MINIMISING = "minimising"
    WEAK_ACTION = "weak_action"
    WHY_OR_WHO = "why_or_who"

    @property
    def label(self) -> str:
        """The habit in everyday words."""
        return _LABELS[self]


_LABELS: dict[Category, str] = {
    Category.COUNTERFACTUAL: "what did not happen",
    Category.PERSON_NEGATIVE_VERB: "what people did not do",
    Category.HUMAN_ERROR: "error as a cause",
    Category.CHARACTER: "judging people",
    Category.BLAME: "blame",
    Category.NORMATIVE: "measured against a rule",
    Category.HINDSIGHT: "hindsight",
    Category.SINGLE_CAUSE: "a single cause",
    Category.MECHANISTIC: "people as the hazard",
    Category.MINIMISING: "made to look easy",
    Category.WEAK_ACTION: "trying harder",
    Category.WHY_OR_WHO: "asking why or who",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """`why` the wording gets in the way of learning, and the question to `ask` instead."""

    why: str
    ask: str


ADVICE: dict[Category, Advice] = {
    Category.COUNTERFACTUAL: Advice(
        "It describes an event that did not happen instead of the one that did.",
        "What happened, and what was known then?",
    ),
    Category.PERSON_NEGATIVE_VERB: Advice(
        "It says what a person did not do, measured against what we know now.",
        "What in the work surfaced, or hid, this?",
    ),
    Category.HUMAN_ERROR: Advice(
        "Error is a label put on an action afterwards; it ends the search where it could begin.",
        "How did the interface or the conditions make it likely?",
    ),
    Category.CHARACTER: Advice(
        "It judges a person, and a judgement explains nothing.",
        "Can this be dropped, and the workload and the signals be described?",
    ),
    Category.BLAME: Advice(
        "It makes a person the cause of what many conditions allowed.",
        "What did the change meet?",
    ),
    Category.NORMATIVE: Advice(
        "It measures the work against a rule instead of saying how it is done.",
        "How was the work done, and why did it make sense?",
    ),
    Category.HINDSIGHT: Advice(
        "It looked different before the outcome was known.",
        "What did the screen show at that time?",
    ),
    Category.SINGLE_CAUSE: Advice(
        "Incidents come from several factors together; one cause hides the others.",
        "Which factors came together?",
    ),
    Category.MECHANISTIC: Advice(
        "It takes the system for safe and people for the hazard.",
        "Which hidden adaptations kept it working?",
    ),
    Category.MINIMISING: Advice(
        "It makes the work look easier than it was for those who did it.",
        "What was the constraint?",
    ),
    Category.WEAK_ACTION: Advice(
        "It asks people to try harder and leaves the conditions as they are.",
        "Which system, check or default changes?",
    ),
    Category.WHY_OR_WHO: Advice(
        "It asks a person to justify themselves.",
        "How did it come about, and what made it make sense?",
    ),
}
