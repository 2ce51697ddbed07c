"""The two short templates."""

from postmortems.builtin.shape import BuiltinSection as S
from postmortems.builtin.shape import BuiltinTemplate

CONCISE = BuiltinTemplate(
    "concise",
    "Concise",
    "The least that a small incident deserves.",
    (
        S(
            "summary",
            "Summary",
            ("What happened, in three sentences?", "What brought service back?"),
        ),
        S("impact", "Impact", ("Who was affected, how, and for how long?", "How do we know?")),
        S(
            "timeline",
            "Timeline",
            ("When did it begin, when was it noticed, when was it over?", "What noticed it first?"),
        ),
        S(
            "factors",
            "Contributing factors",
            ("Which conditions came together?", "Which of them are still there?"),
        ),
        S(
            "mitigators",
            "What limited the harm",
            ("What worked as it was built to?", "What helped by chance?"),
        ),
        S(
            "actions",
            "Actions",
            ("What changes in the system, its checks or its defaults?", "If nothing: what makes that acceptable?"),
        ),
    ),
)

NEAR_MISS = BuiltinTemplate(
    "near-miss",
    "Near miss",
    "Nothing broke, and it was close: the cheapest lesson there is.",
    (
        S(
            "what_happened",
            "What happened",
            ("What was about to go wrong, and for whom?", "What was being done, and why did it make sense?"),
        ),
        S(
            "what_stopped_it",
            "What stopped it",
            ("Who or what caught it, and how?", "Would the same thing catch it again, on any day?"),
        ),
        S(
            "luck",
            "Luck",
            ("Which part of the good ending was chance?", "How close was it, in minutes or in steps?"),
        ),
        S(
            "factors",
            "Contributing factors",
            ("Which conditions brought it this far?", "Where else are they found?"),
        ),
        S(
            "actions",
            "Actions",
            ("How can what caught it be made dependable?", "Who else can learn from this, and how will they hear?"),
        ),
    ),
)
