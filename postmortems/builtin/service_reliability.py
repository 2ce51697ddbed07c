"""The template that most post-mortems use."""

from postmortems.builtin.shape import BuiltinSection as S
from postmortems.builtin.shape import BuiltinTemplate

SERVICE_RELIABILITY = BuiltinTemplate(
    "service-reliability",
    "Service reliability",
    "What set it off, what made it possible, how it was noticed, and what luck limited it.",
    (
        S(
            "summary",
            "Summary",
            (
                "What happened, in three sentences that somebody from another team understands?",
                "How long did it last, and how do we know that it is over?",
            ),
        ),
        S(
            "impact",
            "Impact",
            (
                "Who noticed it, and what could they not do?",
                "How many users, requests or orders were affected, and where does that number come from?",
                "Which promises (objectives, contracts, regulation) did it touch?",
            ),
        ),
        S(
            "trigger",
            "Trigger",
            (
                "What was different right before it began: a change, a date, a load, a failing part?",
                "What evidence connects that with what was seen, and what speaks against it?",
            ),
        ),
        S(
            "factors",
            "Contributing factors",
            (
                "Which conditions had to be there for the trigger to do harm?",
                "How long had each of them been there, and what kept it out of sight?",
                "On which other services do the same conditions hold today?",
            ),
        ),
        S(
            "detection",
            "Detection",
            (
                "What noticed it first: an alert, a colleague, a customer?",
                "Which earlier signal was there, and what did it look like among all the others?",
                "How could the time to detection be halved?",
            ),
        ),
        S(
            "resolution",
            "Resolution",
            (
                "Which steps brought service back, and which were tried before?",
                "What made those steps seem right at the time?",
                "What remains in place that was meant to be temporary?",
            ),
        ),
        S(
            "went_well",
            "What went well",
            (
                "What kept this from being worse, and is it there on purpose?",
                "Whose help or which tool made the difference, and will it be there next time?",
            ),
        ),
        S(
            "went_badly",
            "What went badly",
            (
                "Where did the response wait: for access, for information, for a decision?",
                "What was hard to find out that the system could have shown?",
            ),
        ),
        S(
            "luck",
            "Where we got lucky",
            (
                "What happened to be the case that limited the harm?",
                "What would it have been like at another hour, or with other people on call?",
            ),
        ),
        S(
            "actions",
            "Actions",
            (
                "Which factor does each action weaken, and how will we see that it did?",
                "Which of them make the next occurrence shorter, even if it cannot be prevented?",
                "If nothing is worth doing, what makes the risk acceptable?",
            ),
        ),
        S(
            "timeline",
            "Timeline",
            (
                "Which moments changed what people believed was going on?",
                "How did it look to them at that moment, with the screens they had?",
            ),
        ),
        S(
            "supporting",
            "Supporting material",
            (
                "Which graphs, logs, messages and changes would a reader in a year want to see?",
                "What is still not explained?",
            ),
        ),
    ),
)
