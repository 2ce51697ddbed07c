"""For incidents that surprised everybody: how work is really done."""

from postmortems.builtin.shape import BuiltinSection as S
from postmortems.builtin.shape import BuiltinTemplate

LEARNING_REVIEW = BuiltinTemplate(
    "learning-review",
    "Learning review",
    "How it looked at the time, what is normal work, and what keeps it going on all the other days.",
    (
        S(
            "narrative",
            "Narrative",
            (
                "What happened, told in the order in which people experienced it?",
                "Where do the accounts differ, and what would make both of them true?",
            ),
        ),
        S(
            "surprise",
            "Surprise",
            (
                "What was expected, and what came instead?",
                "Who was not surprised, and what did they know?",
            ),
        ),
        S(
            "how_it_looked_then",
            "How it looked then",
            (
                "At each decision, what was on the screens, and what was being asked for?",
                "What did people take to be going on, and how did they know?",
                "What else was competing for attention?",
            ),
        ),
        S(
            "normal_work",
            "Normal work",
            (
                "How is this work done on an ordinary day?",
                "How does that differ from how it is described, and what makes the difference useful?",
            ),
        ),
        S(
            "options_seen",
            "Options that were seen",
            (
                "Which ways to go on were considered, and what spoke for each?",
                "Which constraint (time, risk, access, rules) weighed most?",
            ),
        ),
        S(
            "adaptations",
            "Adaptations",
            (
                "What did people do that no procedure describes?",
                "How did they learn to do so, and from whom?",
            ),
        ),
        S(
            "mitigators",
            "What limited the harm",
            ("What kept it from spreading?", "What keeps this working on other days?"),
        ),
        S(
            "factors",
            "Contributing factors",
            ("Which conditions, each harmless alone, came together?", "How did each come to be there?"),
        ),
        S(
            "open_questions",
            "Open questions",
            ("What do we still not understand?", "Who could tell us, or which experiment would?"),
        ),
        S(
            "takeaways",
            "Takeaways",
            (
                "What do you know now about this system that you did not know before?",
                "Who else would want to know it?",
            ),
        ),
    ),
)
