"""For incidents whose lesson is in how they were handled."""

from postmortems.builtin.shape import BuiltinSection as S
from postmortems.builtin.shape import BuiltinTemplate

RESPONSE_FOCUSED = BuiltinTemplate(
    "response-focused",
    "Response-focused",
    "How it was noticed, answered and mended, with exact counts, and how each could take half the time.",
    (
        S(
            "overview",
            "Overview",
            ("What happened, in three sentences?", "Which services and teams were part of it?"),
        ),
        S(
            "impact",
            "Impact",
            (
                "Exactly how many users, requests or orders were affected, and by which count?",
                "What was their experience, minute by minute?",
                "What was said to them, and when?",
            ),
        ),
        S(
            "detection",
            "Detection",
            (
                "How was it noticed, and how long after it began?",
                "Which signal made somebody ask for help?",
                "What would halve the time to detection?",
            ),
        ),
        S(
            "response",
            "Response",
            (
                "Who was called, who came, and how did they come up to date?",
                "What slowed people down: access, missing knowledge, too many voices, other work?",
                "How were Dev and Ops brought together?",
            ),
        ),
        S(
            "recovery",
            "Recovery",
            (
                "Which steps restored service, and how was each decided?",
                "How did people know that it had worked?",
                "What would halve the time to recovery?",
            ),
        ),
        S(
            "communication",
            "Communication",
            (
                "What did stakeholders know at each moment, and what did they need to know?",
                "Which question was asked again and again?",
            ),
        ),
        S(
            "factors",
            "Contributing factors",
            ("Which conditions made it possible?", "Which conditions made it last?", "Where else do they hold?"),
        ),
        S(
            "went_well",
            "What went well",
            ("What shall we do the same way next time?", "What had been prepared earlier, and paid off?"),
        ),
        S(
            "went_badly",
            "What went badly",
            ("What was harder than it needed to be?", "What surprised those who responded?"),
        ),
        S(
            "actions",
            "Actions",
            ("Which action shortens detection, which shortens recovery?", "How will we see that it worked?"),
        ),
        S(
            "messages",
            "Messages",
            (
                "What is the message to customers, in their words?",
                "What is the message to the company, and who has to hear it?",
            ),
        ),
    ),
)
