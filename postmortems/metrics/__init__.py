"""What managers see, as pure functions over plain rows; definitions follow our design (metrics.md).

No figure is about a person, none is a mean time, and none has a target.
"""

from postmortems.metrics.actions import actions_on_time, overdue_actions
from postmortems.metrics.figure import FEWEST, Figure, Period
from postmortems.metrics.improvement import improvement_time
from postmortems.metrics.incidents import coverage, detection, time_to_postmortem, time_to_restore
from postmortems.metrics.learning import factor_share, knowledge, problems
from postmortems.metrics.reading import learning
from postmortems.metrics.rows import (
    ActionRow,
    ArticleRow,
    ConfirmedRow,
    IncidentRow,
    PostmortemRow,
    ProblemRow,
    ReadRow,
    TimeRow,
)
from postmortems.metrics.suspicion import suspects_recall

__all__ = [
    "FEWEST",
    "ActionRow",
    "ArticleRow",
    "ConfirmedRow",
    "Figure",
    "IncidentRow",
    "Period",
    "PostmortemRow",
    "ProblemRow",
    "ReadRow",
    "TimeRow",
    "actions_on_time",
    "coverage",
    "detection",
    "factor_share",
    "improvement_time",
    "knowledge",
    "learning",
    "overdue_actions",
    "problems",
    "suspects_recall",
    "time_to_postmortem",
    "time_to_restore",
]
