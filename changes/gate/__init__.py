"""May this be changed now? The deploy gate.

`decision.decide` is pure and says why; `checks.check` gathers what it needs, keeps the question with its answer, and
writes the ledger; `verdicts` is what people say of it. What it decides by is kept by `policy` and `freezes`.
"""

from changes.gate.checks import check, look_again
from changes.gate.question import Question
from changes.gate.verdicts import authorise, override, refuse, review

__all__ = ["Question", "authorise", "check", "look_again", "override", "refuse", "review"]
